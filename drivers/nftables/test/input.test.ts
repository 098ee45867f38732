import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openNftables } from '../src/index.ts';

test('nft finds its commands whether it opens its input anew or reads on where it stands', async () => {
  for (const reads of ['cat /dev/stdin', 'cat']) {
    const { apply } = openNftables({ command: ['sh', '-c', `${reads} >&2; exit 1`] });
    const commands = Array.from({ length: 10 }, (_, n) => ({ add: { table: { family: 'bridge', name: `t${n}` } } }));
    await assert.rejects(
      apply(commands),
      ({ message }: Error) => message.includes(JSON.stringify({ nftables: commands })),
      reads,
    );
  }
});
