import { createContext, use } from 'react';

export const THEMES = ['light', 'dark', 'system'] as const;
type Theme = (typeof THEMES)[number];
export const CONTRASTS = ['standard', 'high', 'system'] as const;
type Contrast = (typeof CONTRASTS)[number];
export const DENSITIES = ['comfortable', 'compact'] as const;
type Density = (typeof DENSITIES)[number];
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Preferences {
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly density: Density;
  readonly language: Language;
}

/** Storage may be forbidden or full; a preference that cannot be kept is only forgotten. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`hv.${key}`);
  } catch {
    return null;
  }
}
export function store(key: string, value: string): void {
  try {
    localStorage.setItem(`hv.${key}`, value);
  } catch {
    // see readStored
  }
}

const oneOf = <T extends string>(values: readonly T[], value: string | null | undefined, otherwise: T): T =>
  values.find((v) => v === value) ?? otherwise;

/** The same reading as `public/boot.js`, which has set the document up by now. */
export function readPreferences(): Preferences {
  return {
    theme: oneOf(THEMES, readStored('theme'), 'system'),
    contrast: oneOf(CONTRASTS, readStored('contrast'), 'system'),
    density: oneOf(DENSITIES, readStored('density'), 'comfortable'),
    language: oneOf(LANGUAGES, document.documentElement.lang, 'en'),
  };
}

interface Look {
  readonly dark: boolean;
  readonly highContrast: boolean;
}
export interface PreferencesControl extends Preferences {
  readonly set: (patch: Partial<Preferences>) => void;
  /** What the theme and the contrast come to, `system` resolved: whoever draws by hand draws anew when it changes. */
  readonly look: Look;
}
export const PreferencesContext = createContext<PreferencesControl | null>(null);
export function usePreferences(): PreferencesControl {
  const preferences = use(PreferencesContext);
  if (preferences === null) throw new Error('usePreferences outside of its context');
  return preferences;
}
