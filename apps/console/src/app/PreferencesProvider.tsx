import type { i18n } from 'i18next';
import { type ReactNode, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Preferences, PreferencesContext, store } from '../data/preferences.ts';
import { changeLanguage } from '../i18n/setup.ts';

interface Props {
  readonly i18n: i18n;
  readonly initial: Preferences;
  readonly children: ReactNode;
}

/** Theme, contrast, density and language: kept in the browser, shown by attributes of the document. */
export function PreferencesProvider({ i18n, initial, children }: Props) {
  const [preferences, setPreferences] = useState(initial);
  const { theme, contrast, density, language } = preferences;
  const systemDark = useMedia(MEDIA.dark);
  const systemContrast = useMedia(MEDIA.highContrast);
  const dark = theme === 'dark' || (theme === 'system' && systemDark);
  const highContrast = contrast === 'high' || (contrast === 'system' && systemContrast);

  useEffect(() => {
    const root = document.documentElement;
    root.classList.toggle('pf-v6-theme-dark', dark);
    root.classList.toggle('pf-v6-theme-high-contrast', highContrast);
    root.dataset['density'] = density;
    root.lang = language;
  }, [dark, highContrast, density, language]);

  const look = useMemo(() => ({ dark, highContrast }), [dark, highContrast]);
  const control = useMemo(
    () => ({
      ...preferences,
      look,
      set: (patch: Partial<Preferences>) => {
        for (const [key, value] of Object.entries(patch)) store(key, value);
        if (patch.language !== undefined) void changeLanguage(i18n, patch.language);
        setPreferences((previous) => ({ ...previous, ...patch }));
      },
    }),
    [preferences, look, i18n],
  );
  return <PreferencesContext value={control}>{children}</PreferencesContext>;
}

/** The same questions as in `public/boot.js`. Forced colours are a reader's own high contrast. */
const MEDIA = {
  dark: '(prefers-color-scheme: dark)',
  highContrast: '(prefers-contrast: more), (forced-colors: active)',
} as const;

function useMedia(query: string): boolean {
  const media = useMemo(() => matchMedia(query), [query]);
  const subscribe = useCallback(
    (listener: () => void) => {
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [media],
  );
  return useSyncExternalStore(subscribe, () => media.matches);
}
