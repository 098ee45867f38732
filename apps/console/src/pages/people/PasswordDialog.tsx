import type { AccountWithPassword } from '@hypervigil/contract';
import { Button, ClipboardCopy, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly account: AccountWithPassword;
  readonly onClose: () => void;
}

/** A password that works once, shown once. */
export function PasswordDialog({ account: { name, password }, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Modal isOpen variant="small" aria-labelledby="password-title" onClose={onClose}>
      <ModalHeader title={t('people.passwordTitle', { name })} labelId="password-title" />
      <ModalBody>
        <div className="hv-stack">
          <ClipboardCopy
            isReadOnly
            isCode
            hoverTip={t('common.copy')}
            clickTip={t('common.copied')}
            textAriaLabel={t('people.passwordTitle', { name })}
          >
            {password}
          </ClipboardCopy>
          <p className="hv-muted">{t('people.passwordHelp')}</p>
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('common.close')}</Button>
      </ModalFooter>
    </Modal>
  );
}
