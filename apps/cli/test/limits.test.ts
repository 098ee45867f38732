import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from '@hypervigil/contract';
import { limitRows, readBandwidth, readConnectionRate } from '../src/limits.ts';

const client = {} as Client;

test('limits are read as they are shown', async () => {
  assert.deepEqual(await readBandwidth(client, '1.5m'), { kbps: 1500, burstKbit: null });
  assert.deepEqual(await readBandwidth(client, '10G/800k'), { kbps: 10_000_000, burstKbit: 800 });
  assert.deepEqual(await readConnectionRate(client, '100/500'), { perSecond: 100, burst: 500 });
  assert.equal(await readConnectionRate(client, 'none'), null);
  for (const text of ['', '10', 'fast', '1m/2m/3m', '-1m'])
    await assert.rejects(readBandwidth(client, text), { code: 'no-bandwidth' });
  for (const text of ['', '1k', '1/', '1.5'])
    await assert.rejects(readConnectionRate(client, text), { code: 'no-connection-rate' });

  const values = {
    bandwidthOut: await readBandwidth(client, '500k/600k'),
    bandwidthIn: null,
    newOut: await readConnectionRate(client, '7'),
    newIn: null,
    open: 10,
    networkOpen: 900,
  };
  const names = { vmIds: [], groupIds: [], networkIds: [], tenantIds: [] };
  assert.deepEqual(limitRows({ items: [{ id: 'i', name: 'n', ...names, ...values }] }), [
    {
      name: 'n',
      for: '*',
      bandwidthOut: '500k/600k',
      bandwidthIn: '',
      newOut: '7',
      newIn: '',
      open: '10',
      networkOpen: '900',
      id: 'i',
    },
  ]);
});
