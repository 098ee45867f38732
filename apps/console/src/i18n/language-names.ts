import type { Language } from '../data/preferences.ts';

/** Each language in its own words, so that its readers find it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '中文' };
