// Runs before the first paint, so that no reader is flashed with the wrong theme. A file of its own, because the
// content security policy admits no inline script.
(() => {
  const read = (key) => {
    try {
      return localStorage.getItem(`hv.${key}`);
    } catch {
      return null; // storage may be forbidden
    }
  };
  const root = document.documentElement;
  const choose = (key, value, media) => {
    const chosen = read(key) ?? 'system';
    return chosen === value || (chosen === 'system' && matchMedia(media).matches);
  };
  root.classList.toggle('pf-v6-theme-dark', choose('theme', 'dark', '(prefers-color-scheme: dark)'));
  root.classList.toggle(
    'pf-v6-theme-high-contrast',
    choose('contrast', 'high', '(prefers-contrast: more), (forced-colors: active)'),
  );
  root.dataset.density = read('density') ?? 'comfortable';
  root.lang = read('language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
})();
