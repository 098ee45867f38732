import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type ConntrackEntry, type FlushFilter, parseConntrack } from '@hypervigil/ovs';
import { createJudges } from '../src/enforcement/judge.ts';
import { sweepConnections } from '../src/enforcement/sweep.ts';
import { GREEN_TO_BLUE, smallCloud } from '../src/testing/small-cloud.ts';

const tcp = (src: string, dst: string, sport: number, dport: number, more: string): string =>
  `tcp,orig=(src=${src},dst=${dst},sport=${sport},dport=${dport}),reply=(src=${dst},dst=${src},sport=${dport},dport=${sport}),${more},protoinfo=(state=ESTABLISHED)`;
const [BLUE, GREEN] = ['10.0.0.1', '10.0.0.3'];

async function swept(lines: readonly string[], intent = smallCloud(1), isCurrent = () => true): Promise<FlushFilter[]> {
  const entries: ConntrackEntry[] = parseConntrack(lines.join('\n'));
  const flushed: FlushFilter[] = [];
  const conntrack = { dump: async () => entries, flush: async (filter: FlushFilter) => void flushed.push(filter) };
  assert.equal(await sweepConnections(conntrack, createJudges()(intent), isCurrent), flushed.length);
  return flushed;
}

suite('connections after a change of policy', () => {
  test('what is denied now is ended, by zone and whole tuple; what is allowed stays', async () => {
    const lines = [tcp(GREEN, BLUE, 4000, 80, 'zone=1'), tcp(BLUE, '10.0.0.2', 4001, 22, 'zone=1')];
    assert.deepEqual(await swept(lines), [{ zone: 1, src: GREEN, dst: BLUE, protocol: 6, sport: 4000, dport: 80 }]);
    assert.deepEqual(await swept(lines, smallCloud(2, { rules: [GREEN_TO_BLUE] })), []);
  });

  test('the zone of somebody else is not touched', async () => {
    assert.deepEqual(await swept([tcp(GREEN, BLUE, 4000, 80, 'zone=77'), tcp(GREEN, BLUE, 4000, 80, 'mark=0')]), []);
  });

  test('a connection that was first seen by its answer is judged by who began it', async () => {
    const answer = tcp(BLUE, GREEN, 80, 4000, 'zone=1,mark=1');
    assert.deepEqual(await swept([answer], smallCloud(2, { rules: [GREEN_TO_BLUE] })), []);
    assert.equal((await swept([answer])).length, 1);
  });

  test('an ICMP exchange is ended by its id', async () => {
    const ping = `icmp,orig=(src=${GREEN},dst=${BLUE},id=7,type=8,code=0),reply=(src=${BLUE},dst=${GREEN},id=7,type=0,code=0),zone=1`;
    const [filter] = await swept([ping]);
    assert.deepEqual(filter, { zone: 1, src: GREEN, dst: BLUE, protocol: 1, icmpId: 7, icmpType: 8, icmpCode: 0 });
  });

  test('an ICMPv6 exchange is left to itself: Open vSwitch would not survive being told to end it', async () => {
    const [from, to] = ['fd00::3', 'fd00::1'];
    const ends = `orig=(src=${from},dst=${to},id=7,type=128,code=0),reply=(src=${to},dst=${from},id=7,type=129,code=0)`;
    assert.deepEqual(await swept([`icmpv6,${ends},zone=1`]), []);
  });

  test('a sweep that is out of date ends nothing more', async () => {
    assert.deepEqual(await swept([tcp(GREEN, BLUE, 4000, 80, 'zone=1')], smallCloud(1), () => false), []);
  });
});
