import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ConntrackEntry } from '@hypervigil/ovs';
import { countOpen, createOpenWatch } from '../src/limits/open.ts';
import { smallCloud } from '../src/testing/small-cloud.ts';

const intent = smallCloud(1);
const [blue, other] = intent.vnics;
const num = blue!.num;

const RULE = 700;

type Entry = Pick<ConntrackEntry, 'zone' | 'orig' | 'labels'>;
const tuple = (src: string, dst: string, sport: number) => ({
  ...{ src, dst, sport, dport: 80 },
  ...{ icmpId: undefined, icmpType: undefined, icmpCode: undefined },
});
const entries = (count: number, src = blue!.ipv4[0]!, dst = other!.ipv4[0]!, zone = 1): Entry[] =>
  Array.from({ length: count }, (_, n) => ({ zone, orig: tuple(src, dst, n), labels: BigInt(RULE) }));

suite('connections at the same time', () => {
  test('are counted for the vNIC at either end, once, and on its own network', () => {
    const [mine, theirs] = [blue!.ipv4[0]!, other!.ipv4[0]!];
    const all = [...entries(3), ...entries(2, theirs, mine), ...entries(1, mine, mine), ...entries(9, mine, theirs, 2)];
    assert.deepEqual(countOpen(all, intent.vnics, new Map([[num, 10]])), new Map([[num, 6]]));
  });

  test('a vNIC is full at its limit, and has room again well below it', async () => {
    let present: Entry[] = [];
    let time = 0;
    let dumps = 0;
    const changes: number[][] = [];
    const watch = createOpenWatch({
      conntrack: () => ({
        count: async () => present.length,
        dump: async () => {
          dumps++;
          time += 100;
          return present as ConntrackEntry[];
        },
      }),
      limits: () => ({ vnics: new Map([[num, 100]]), rules: new Map() }),
      intent: () => intent,
      onChange: () => changes.push([...watch.full().vnics]),
      now: () => time,
    });
    const look = async (count: number) => {
      present = entries(count);
      await watch.look();
      return [...watch.full().vnics];
    };
    assert.deepEqual(await look(80), []);
    assert.equal(dumps, 0, 'with so few in all, nobody can be full');
    assert.deepEqual(await look(100), [num]);
    assert.deepEqual(await look(0), [num], 'it took a while, so it rests a while');
    time += 1_000;
    assert.deepEqual(await look(95), [num]);
    time += 1_000;
    assert.deepEqual(await look(89), []);
    assert.deepEqual(changes, [[num], []]);
  });

  test('so it is with a rule, by what connections remember', async () => {
    const gateway = 3n << 32n;
    const present = entries(20).map((entry, n) => ({
      ...entry,
      labels: gateway | BigInt(n % 2 === 0 ? RULE : RULE + 1),
    }));
    const watch = createOpenWatch({
      conntrack: () => ({ count: async () => present.length, dump: async () => present as ConntrackEntry[] }),
      limits: () => ({
        vnics: new Map([[num, 100]]),
        rules: new Map([
          [RULE, 10],
          [RULE + 1, 11],
        ]),
      }),
      intent: () => intent,
      onChange: () => undefined,
      now: () => 0,
    });
    await watch.look();
    assert.deepEqual(watch.full(), { vnics: new Set(), rules: new Set([RULE]) });
  });
});
