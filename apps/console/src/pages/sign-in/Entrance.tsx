import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, usePreferences } from '../../data/preferences.ts';
import { LANGUAGE_NAMES } from '../../i18n/language-names.ts';
import { Logo } from '../../ui/Logo.tsx';

interface Props {
  readonly title: string;
  readonly help: string;
  readonly children: ReactNode;
}

/** The frame of the screens before the first screen. */
export function Entrance({ title, help, children }: Props) {
  const { t } = useTranslation();
  const { language, set } = usePreferences();
  return (
    <main className="hv-entrance">
      <div className="hv-entrance__card">
        <div className="hv-entrance__brand">
          <Logo />
          <span>{t('product')}</span>
        </div>
        <h1>{title}</h1>
        <p className="hv-muted">{help}</p>
        {children}
      </div>
      <fieldset className="hv-entrance__languages">
        <legend className="hv-hidden">{t('shell.language')}</legend>
        {LANGUAGES.map((name) => (
          <button
            key={name}
            type="button"
            lang={name}
            aria-pressed={name === language}
            onClick={() => set({ language: name })}
          >
            {LANGUAGE_NAMES[name]}
          </button>
        ))}
      </fieldset>
    </main>
  );
}
