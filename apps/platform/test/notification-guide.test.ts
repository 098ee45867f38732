import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { signatureOf } from '@hypervigil/notify';

interface Snippet {
  isFromHypervigil(header: string | undefined, body: string | Buffer, key: string, nowSeconds?: number): boolean;
}

for (const guide of ['notification.md', 'notification.zh-CN.md'])
  test(`what ${guide} says of checking a webhook's signature is so`, async () => {
    const text = await readFile(new URL(`../../../docs/guides/${guide}`, import.meta.url), 'utf8');
    const [, snippet = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'hv-guide-'));
    try {
      const file = join(folder, 'verify.mjs');
      await writeFile(file, snippet);
      const { isFromHypervigil } = (await import(pathToFileURL(file).href)) as Snippet;
      const [key, body, now] = ['a key of ours', '{"告警":1}', 1_769_846_405];
      const header = signatureOf(
        (k, t, encoding) => createHmac('sha256', k).update(t).digest(encoding),
        key,
        now,
        body,
      );
      assert.equal(isFromHypervigil(header, body, key, now + 10), true);
      assert.equal(isFromHypervigil(header, Buffer.from(body), key, now + 10), true);
      assert.equal(isFromHypervigil(header, `${body} `, key, now), false);
      assert.equal(isFromHypervigil(header, body, 'another key', now), false);
      assert.equal(isFromHypervigil(header, body, key, now + 3600), false);
      assert.equal(isFromHypervigil(header.replace(`t=${now}`, `t=${now + 1}`), body, key, now), false);
      for (const none of [undefined, '', 't=1,v1=', header.slice(0, -1)])
        assert.equal(isFromHypervigil(none, body, key, now), false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
