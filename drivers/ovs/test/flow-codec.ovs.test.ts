import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import fc from 'fast-check';
import { canonicalFlow, type FlowSpec, type OvsSwitch, openSwitch } from '../src/index.ts';
import { type DummyOvs, startDummyOvs } from '../src/testing/index.ts';
import { flowText } from './flow-texts.ts';

const count = 1_000;
const tables = 250;

suite('the flow codec beside ovs-ofctl', () => {
  let ovs: DummyOvs;
  let sw: OvsSwitch;

  before(async () => {
    ovs = await startDummyOvs();
    sw = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'ours' });
    await sw.ensureBridge({ datapathType: 'dummy' });
    await ovs.addBridge('theirs');
  });
  after(async () => {
    await sw?.close();
    await ovs?.stop();
  });

  const dump = async (bridge: string): Promise<string[]> => {
    const text = await ovs.ofctl('-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', bridge);
    return text
      .split('\n')
      .filter((line) => line.includes('actions='))
      .map((line) => line.trim())
      .sort();
  };
  const install = async (flows: readonly FlowSpec[]): Promise<void> => {
    const file = path.join(ovs.runDir, 'flows');
    const lines = flows.map(
      (f) => `table=${f.table},priority=${f.priority},cookie=${f.cookie},${f.match} actions=${f.actions}`,
    );
    await writeFile(file, `${lines.join('\n')}\n`);
    await ovs.ofctl('-O', 'OpenFlow15', '--bundle', 'replace-flows', 'theirs', file);
  };

  test('random flows are installed, and read back, as ovs-ofctl does', async () => {
    const texts = fc.sample(flowText, {
      numRuns: count,
      seed: Number(process.env['HV_SEED'] ?? 1),
    });
    texts.push(['tcp,ct_state=+trk+est', 'resubmit(,30,ct)']);
    const flows = texts.map(([match, actions], i) => ({
      table: i % tables,
      priority: 1 + i,
      cookie: BigInt(i + 1),
      match,
      actions,
    }));
    await install(flows);
    await sw.flows.apply(flows);
    const [theirs, ours] = [await dump('theirs'), await dump('ours')];
    assert.equal(theirs.length, count + 1);
    assertSame(ours, theirs);

    const line = ({ table, priority, cookie, match, actions }: FlowSpec): string => {
      const where = table === 0 ? '' : `table=${table}, `;
      return `cookie=0x${cookie.toString(16)}, ${where}priority=${priority}${match && `,${match}`} actions=${actions}`;
    };
    assertSame((await sw.flows.stats()).map(line).sort(), theirs);
    assertSame(flows.map(canonicalFlow).map(line).sort(), theirs);
  });

  test('a new session finds what is installed as it wants it: nothing is sent', async () => {
    const again = await openSwitch({ ovsdbSocket: ovs.ovsdbSocket, runDir: ovs.runDir, bridge: 'ours' });
    const flows = (await sw.flows.stats()).map(({ table, priority, cookie, match, actions }) => ({
      table,
      priority,
      cookie,
      match,
      actions,
    }));
    assert.deepEqual(await again.flows.apply(flows), { added: 0, modified: 0, deleted: 0 });
    await again.close();
  });
});

/** Says which line differs, where deepEqual would print all. */
function assertSame(ours: readonly string[], theirs: readonly string[]): void {
  for (const [i, line] of theirs.entries()) assert.equal(ours[i], line);
  assert.equal(ours.length, theirs.length);
}
