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
  const theme = read('theme') ?? 'system';
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.classList.toggle('pf-v6-theme-dark', dark);
  root.dataset.density = read('density') ?? 'comfortable';
  root.lang = read('language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
})();
