/** Width on a terminal: characters of CJK scripts and full-width forms take two columns (UAX 11). */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/u.test(char)
      ? 2
      : 1;
  return width;
}

/** What a cell shows: lists and maps in short, control characters of foreign names made harmless. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value))
    return value.every((v) => typeof v !== 'object') ? value.join(' ') || '-' : String(value.length);
  if (typeof value === 'object')
    return (
      Object.entries(value)
        .map(([k, v]) => `${k}=${cell(v)}`)
        .join(' ') || '-'
    );
  return String(value).replace(/\p{Cc}/gu, '�');
}

/** Of a list, what each one has there. */
function at(row: unknown, path: string): unknown {
  const of = (value: unknown, key: string): unknown =>
    Array.isArray(value)
      ? value.map((one) => of(one, key))
      : (value as Record<string, unknown> | null | undefined)?.[key];
  return path.split('.').reduce(of, row);
}

/** `facts.libvirt` → `LIBVIRT`, `appliedRevision` → `APPLIED REVISION`, `hostId` → `HOST`. */
const head = (column: string) =>
  column
    .slice(column.lastIndexOf('.') + 1)
    .replace(/(?<=.)Id$/, '')
    .replace(/(?<=[a-z])(?=[A-Z][a-z])/g, ' ')
    .toUpperCase();

/** Rows in columns, two spaces between, heads in capitals. */
export function table(rows: readonly unknown[], columns: readonly string[]): string {
  const lines = [columns.map(head), ...rows.map((row) => columns.map((c) => cell(at(row, c))))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => displayWidth(line[i]!))));
  const pad = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - displayWidth(text)));
  return lines
    .map((line) =>
      line
        .map((text, i) => pad(text, widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One object as `field  value` lines; nested ones indented. */
export function facts(value: object, indent = ''): string {
  return Object.entries(value)
    .map(([key, v]) => {
      const nested = typeof v === 'object' && v !== null && (!Array.isArray(v) || v.some((x) => typeof x === 'object'));
      if (!nested) return `${indent}${key}: ${cell(v)}`;
      const inner = Array.isArray(v) ? v.map((x) => listed(x, indent)).join('\n') : facts(v, `${indent}  `);
      return inner === '' ? `${indent}${key}: -` : `${indent}${key}:\n${inner}`;
    })
    .join('\n');
}

const listed = (value: unknown, indent: string): string =>
  typeof value === 'object' && value !== null
    ? facts(value, `${indent}    `).replace(/ {2}(?=\S)/, '- ')
    : `${indent}  - ${cell(value)}`;
