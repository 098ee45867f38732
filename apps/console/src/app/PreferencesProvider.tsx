import type { i18n } from 'i18next';
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Preferences, PreferencesContext, store } from '../data/preferences.ts';
import { changeLanguage } from '../i18n/setup.ts';

const systemDark = () => matchMedia('(prefers-color-scheme: dark)');
const onSystemTheme = (listener: () => void) => {
  const query = systemDark();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

interface Props {
  readonly i18n: i18n;
  readonly initial: Preferences;
  readonly children: ReactNode;
}

/** Theme, density and language: kept in the browser, shown by attributes of the document. */
export function PreferencesProvider({ i18n, initial, children }: Props) {
  const [preferences, setPreferences] = useState(initial);
  const system = useSyncExternalStore(onSystemTheme, () => systemDark().matches);
  const dark = preferences.theme === 'dark' || (preferences.theme === 'system' && system);

  useEffect(() => {
    const root = document.documentElement;
    root.classList.toggle('pf-v6-theme-dark', dark);
    root.dataset['density'] = preferences.density;
    root.lang = preferences.language;
  }, [dark, preferences.density, preferences.language]);

  const control = useMemo(
    () => ({
      ...preferences,
      dark,
      set: (patch: Partial<Preferences>) => {
        for (const [key, value] of Object.entries(patch)) store(key, value);
        if (patch.language !== undefined) void changeLanguage(i18n, patch.language);
        setPreferences((previous) => ({ ...previous, ...patch }));
      },
    }),
    [preferences, dark, i18n],
  );
  return <PreferencesContext value={control}>{children}</PreferencesContext>;
}
