import { Modal, ModalBody, ModalHeader } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useScreens } from './use-screens.ts';

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const screens = useScreens();
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['Ctrl K', '⌘K'], t('keys.palette')],
    [['/'], t('keys.search')],
    [['.'], t('keys.pause')],
    [['?'], t('keys.help')],
    [['Esc'], t('keys.escape')],
    ...screens.flatMap(({ key, name }) =>
      key === undefined ? [] : [[['g', key], t('keys.goTo', { page: t(`nav.${name}`) })] as const],
    ),
  ];
  return (
    <Modal isOpen variant="small" aria-labelledby="help-title" onClose={onClose}>
      <ModalHeader title={t('keys.title')} labelId="help-title" />
      <ModalBody>
        <dl className="hv-keys">
          {rows.map(([keys, meaning]) => (
            <div key={meaning}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </ModalBody>
    </Modal>
  );
}
