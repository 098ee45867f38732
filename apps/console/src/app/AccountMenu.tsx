import {
  Divider,
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
  Modal,
  ModalBody,
  ModalHeader,
} from '@patternfly/react-core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../data/client.ts';
import { DENSITIES, LANGUAGES, THEMES, usePreferences } from '../data/preferences.ts';
import { forgetEverything, sessionOptions } from '../data/queries.ts';
import { LANGUAGE_NAMES } from '../i18n/language-names.ts';
import { ChangePassword } from '../pages/sign-in/ChangePassword.tsx';
import { AccountIcon } from '../ui/icons.tsx';
import { useToasts } from '../ui/toast.tsx';

/** Who is signed in, and how the console looks to them. */
export function AccountMenu() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const { data: session } = useQuery(sessionOptions);
  const preferences = usePreferences();
  const [open, setOpen] = useState(false);
  const [changing, setChanging] = useState(false);
  const name = session?.user.name ?? '';
  const signOut = () =>
    platform.signOut().then(
      () => forgetEverything(client),
      (error: unknown) => toasts.failed(error),
    );
  return (
    <>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        popperProps={{ position: 'end' }}
        toggle={(ref) => (
          <MenuToggle
            ref={ref}
            variant="plainText"
            icon={<AccountIcon />}
            isExpanded={open}
            aria-label={t('shell.user', { name })}
            onClick={() => setOpen(!open)}
            className="hv-account"
          >
            <span className="hv-wide-only">{name}</span>
          </MenuToggle>
        )}
      >
        <DropdownGroup label={t('shell.theme')}>
          <DropdownList>
            {THEMES.map((theme) => (
              <DropdownItem
                key={theme}
                isSelected={theme === preferences.theme}
                onClick={() => preferences.set({ theme })}
              >
                {t(`shell.themeOf.${theme}`)}
              </DropdownItem>
            ))}
          </DropdownList>
        </DropdownGroup>
        <DropdownGroup label={t('shell.density')}>
          <DropdownList>
            {DENSITIES.map((density) => (
              <DropdownItem
                key={density}
                isSelected={density === preferences.density}
                onClick={() => preferences.set({ density })}
              >
                {t(`shell.densityOf.${density}`)}
              </DropdownItem>
            ))}
          </DropdownList>
        </DropdownGroup>
        <DropdownGroup label={t('shell.language')}>
          <DropdownList>
            {LANGUAGES.map((language) => (
              <DropdownItem
                key={language}
                lang={language}
                isSelected={language === preferences.language}
                onClick={() => preferences.set({ language })}
              >
                {LANGUAGE_NAMES[language]}
              </DropdownItem>
            ))}
          </DropdownList>
        </DropdownGroup>
        <Divider />
        <DropdownList>
          <DropdownItem
            onClick={() => {
              setOpen(false);
              setChanging(true);
            }}
          >
            {t('shell.changePassword')}
          </DropdownItem>
          <DropdownItem onClick={() => void signOut()}>{t('shell.signOut')}</DropdownItem>
        </DropdownList>
      </Dropdown>
      {changing && (
        <Modal isOpen variant="small" aria-label={t('shell.changePassword')} onClose={() => setChanging(false)}>
          <ModalHeader title={t('shell.changePassword')} />
          <ModalBody>
            <ChangePassword onDone={() => setChanging(false)} />
          </ModalBody>
        </Modal>
      )}
    </>
  );
}
