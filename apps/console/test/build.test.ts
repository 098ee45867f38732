import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const DIST = join(import.meta.dirname, '../dist');
interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}
const manifest = JSON.parse(readFileSync(join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;

function filesOf(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const next of manifest[entry]?.imports ?? []) filesOf(next, seen);
  return seen;
}
const gzipped = (name: string) => gzipSync(readFileSync(join(DIST, name)), { level: 9 }).length;

test('the first screen loads at most 350 kB of gzipped JavaScript', (t) => {
  const entries = ['index.html', 'src/i18n/en.ts', 'src/pages/overview/OverviewPage.tsx'];
  const chunks = new Set(entries.flatMap((entry) => [...filesOf(entry)]));
  for (const entry of entries) assert.ok(manifest[entry] !== undefined, entry);
  const bytes = [...chunks].reduce((sum, chunk) => sum + gzipped(manifest[chunk]!.file), 0);
  t.diagnostic(`${Math.round(bytes / 1000)} kB in ${chunks.size} files`);
  assert.ok(bytes <= 350_000, `${bytes} bytes`);
});

test('map and charts come only when they are asked for', () => {
  const first = [...filesOf('index.html'), ...filesOf('src/pages/overview/OverviewPage.tsx')];
  for (const lazy of ['src/pages/map/MapPage.tsx', 'src/ui/BarChart.tsx']) assert.ok(!first.includes(lazy), lazy);
});

test('no web fonts, no inline script or style, nothing from elsewhere', () => {
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    files.filter((name) => /\.(woff2?|ttf|otf)$/.test(name)),
    [],
  );
  const html = readFileSync(join(DIST, 'index.html'), 'utf8');
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*\ssrc=)|https?:\/\//);
  for (const name of files.filter((file) => file.endsWith('.css')))
    assert.doesNotMatch(readFileSync(join(DIST, name), 'utf8'), /@font-face|url\(["']?https?:/, name);
});
