import type { Quarantine } from '@hypervigil/model';
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';

/** That a VM is cut off, why, by whom and since when. */
export function QuarantineBanner({ quarantine }: { readonly quarantine: Quarantine }) {
  const { t } = useTranslation();
  return (
    <Alert isInline className="hv-banner" variant="danger" title={t('vms.quarantine.banner')} component="h2">
      <p>{quarantine.reason}</p>
      <p className="hv-muted">
        {t('vms.quarantine.by', { by: quarantine.by })} · <AbsoluteTime at={quarantine.since} />
      </p>
    </Alert>
  );
}
