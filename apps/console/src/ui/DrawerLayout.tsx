import { Button } from '@patternfly/react-core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons.tsx';

interface Props {
  readonly open: boolean;
  readonly title: ReactNode;
  readonly label: string;
  readonly onClose: () => void;
  readonly panel: ReactNode;
  readonly children: ReactNode;
}

/**
 * A list with the details of its selected row at the side; under 1,024 px the details cover the list. Escape closes it,
 * and focus returns to the row that had opened it.
 */
export function DrawerLayout({ open, title, label, onClose, panel, children }: Props) {
  const { t } = useTranslation();
  const content = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (!open) return undefined;
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"][aria-modal="true"], .pf-v6-c-menu') !== null) return;
      onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      if (opener.current?.isConnected) opener.current.focus();
    };
  }, [open, onClose]);
  return (
    <div className={`hv-drawer${open ? ' hv-drawer--open' : ''}`}>
      <div className="hv-drawer__content" ref={content}>
        {children}
      </div>
      {open && (
        <aside className="hv-drawer__panel" aria-label={label}>
          <div className="hv-drawer__head">
            <h2>{title}</h2>
            <Button variant="plain" aria-label={t('common.close')} icon={<CloseIcon />} onClick={onClose} />
          </div>
          <div className="hv-drawer__body">{panel}</div>
        </aside>
      )}
    </div>
  );
}
