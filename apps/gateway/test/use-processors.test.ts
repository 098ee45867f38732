import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseRanges, useProcessors } from '../src/appliance/use-processors.ts';

const dir = mkdtempSync(join(tmpdir(), 'hv-cpus-'));
after(() => rmSync(dir, { recursive: true }));

test('what the host has plugged is used, and packets are shared among what is used', () => {
  const [devices, net] = [join(dir, 'cpu'), join(dir, 'net')];
  const rps = (role: string) => join(net, role, 'queues/rx-0/rps_cpus');
  for (const role of ['left', 'right']) {
    mkdirSync(join(net, role, 'queues/rx-0'), { recursive: true });
    writeFileSync(rps(role), '00000000\n');
  }
  for (const cpu of ['cpu0', 'cpu1', 'cpufreq']) mkdirSync(join(devices, cpu), { recursive: true });
  writeFileSync(join(devices, 'cpu1/online'), '0\n');
  writeFileSync(join(devices, 'online'), '0\n');
  assert.equal(useProcessors({ devices, net }), 1);
  assert.equal(readFileSync(join(devices, 'cpu1/online'), 'utf8'), '1');
  assert.equal(readFileSync(rps('left'), 'utf8'), '00000000\n');
  writeFileSync(join(devices, 'online'), '0-1,33\n');
  assert.equal(useProcessors({ devices, net }), 3);
  for (const role of ['left', 'right']) assert.equal(readFileSync(rps(role), 'utf8'), '2,00000003');
});

test('sets of processors as the kernel writes them', () => {
  assert.deepEqual(parseRanges('0'), [0]);
  assert.deepEqual(parseRanges('0-2,5'), [0, 1, 2, 5]);
});
