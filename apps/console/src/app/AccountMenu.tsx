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
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../data/client.ts';
import { CONTRASTS, DENSITIES, LANGUAGES, THEMES, usePreferences } from '../data/preferences.ts';
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
        <Choices
          label={t('shell.theme')}
          values={THEMES}
          chosen={preferences.theme}
          text={(theme) => t(`shell.themeOf.${theme}`)}
          onChoose={(theme) => preferences.set({ theme })}
        />
        <Choices
          label={t('shell.contrast')}
          values={CONTRASTS}
          chosen={preferences.contrast}
          text={(contrast) => t(`shell.contrastOf.${contrast}`)}
          onChoose={(contrast) => preferences.set({ contrast })}
        />
        <Choices
          label={t('shell.density')}
          values={DENSITIES}
          chosen={preferences.density}
          text={(density) => t(`shell.densityOf.${density}`)}
          onChoose={(density) => preferences.set({ density })}
        />
        <Choices
          label={t('shell.language')}
          values={LANGUAGES}
          chosen={preferences.language}
          text={(language) => <span lang={language}>{LANGUAGE_NAMES[language]}</span>}
          onChoose={(language) => preferences.set({ language })}
        />
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

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly values: readonly T[];
  readonly chosen: T;
  readonly text: (value: T) => ReactNode;
  readonly onChoose: (value: T) => void;
}

function Choices<T extends string>({ label, values, chosen, text, onChoose }: ChoicesProps<T>) {
  return (
    <DropdownGroup label={label}>
      <DropdownList>
        {values.map((value) => (
          <DropdownItem key={value} isSelected={value === chosen} onClick={() => onChoose(value)}>
            {text(value)}
          </DropdownItem>
        ))}
      </DropdownList>
    </DropdownGroup>
  );
}
