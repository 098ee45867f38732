import { type Alert, alertCan } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MayButton } from '../../ui/MayButton.tsx';
import { RespondDialog } from './RespondDialog.tsx';

export function RespondButton({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <MayButton
        permission="alert:respond"
        subject={alert}
        disabledReason={alertCan('respond', alert.state) ? undefined : t('responses.notMore')}
        variant="secondary"
        onClick={() => setOpen(true)}
      >
        {t('responses.respond')}
      </MayButton>
      {open && <RespondDialog alert={alert} onClose={() => setOpen(false)} />}
    </>
  );
}
