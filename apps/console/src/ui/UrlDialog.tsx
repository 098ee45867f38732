import type { Permission } from '@hypervigil/model';
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Subject, useDenial } from '../data/rights.ts';
import { useUrl } from './use-url.ts';

interface Props {
  /** What the address bar says to open it (`?do=`). */
  readonly asked: string;
  /** What it takes. */
  readonly permission: Permission;
  /** What it would be done to, as far as the address says. */
  readonly subject?: Subject;
  readonly children: (close: () => void) => ReactNode;
}

/** A dialog that has an address, so that a link may open it. Who may not do what it is for is told why instead. */
export function UrlDialog({ asked, permission, subject, children }: Props) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const denied = useDenial(permission, subject);
  if (url['do'] !== asked) return null;
  const close = () => patch({ do: undefined });
  if (denied === undefined) return children(close);
  return (
    <Modal isOpen variant="small" aria-labelledby="denied-title" aria-describedby="denied-reason" onClose={close}>
      <ModalHeader title={t('shell.notYours')} labelId="denied-title" />
      <ModalBody id="denied-reason">{denied}</ModalBody>
      <ModalFooter>
        <Button onClick={close}>{t('common.close')}</Button>
      </ModalFooter>
    </Modal>
  );
}
