/** Canvas cannot read CSS variables by itself. Read again when the theme changes. */
export function chartColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    allow: read('--hv-allow'),
    deny: read('--hv-deny'),
    text: read('--hv-text'),
    subtle: read('--hv-subtle'),
    line: read('--hv-line'),
    lineSoft: read('--hv-line-soft'),
    surface: read('--hv-surface'),
    page: read('--hv-page'),
    sunken: read('--hv-sunken'),
    accent: read('--hv-accent'),
    green: read('--hv-green'),
    orange: read('--hv-orange'),
    font: read('--hv-font'),
    hue: (n: number) => read(`--hv-hue-${n}`),
  };
}
export type ChartColours = ReturnType<typeof chartColours>;
