/**
 * How long a changed rule and a changed group member take until the switch's flows are confirmed to whoever asked, beside
 * OVN on the same machine: the same ports on the same kind of switch (dummy datapath), the same rules, in turns.
 *
 * Ours: from the call of the API, with a durable commit, to the event that tells that the host enforces it, which the
 * engine says after the switch's answer. Theirs: `--wait=hv`, which returns when the controller has had the switch's.
 */

import { type LargeHost, largeHost } from '@hypervigil/engine/testing';
import { ANYONE } from '@hypervigil/model';
import { type DummyOvs, startDummyOvs } from '@hypervigil/ovs/testing';
import { type CloudProcess, startCloudProcess } from './cloud-process.ts';
import { plugIn } from './engine-process.ts';
import { type Metric, median } from './metric.ts';
import { type Ovn, startOvn } from './ovn.ts';

const PORTS = [10, 100, 1_000];
const ROUNDS = 12;
/** Rules that stay, each with a group of its own as source. */
const RULES = 10;
const FIRST_PORT = 8_000;
/** Of OVN's time at the largest number of ports. A rule is edited in the draft before it is published; OVN has no draft. */
const GOALS = { 'rule published': 1, 'rule edited and published': 1, 'group member changed': 0.3 } as const;
/** Of our own time at the smallest number of ports, at the largest. */
const FLAT = 1.5;

type Change = keyof typeof GOALS;

interface Toggle {
  /** What comes before the call whose effect is awaited. */
  readonly prepare?: (on: boolean) => Promise<void>;
  readonly make: (on: boolean) => Promise<void>;
}

/** Something that enforces, and changes of it that can be made and taken back. */
interface Contender {
  readonly changes: Readonly<Record<Change, Toggle>>;
  /** Flows on the switch, so that a change which changed none is found out. */
  flows(): Promise<number>;
  remove(): Promise<void>;
}

interface Turn {
  readonly ours: number;
  /** Within a running `ovn-nbctl`. */
  readonly theirs: number;
  /** By an `ovn-nbctl` of its own. */
  readonly command: number;
}

export async function* enforceBesideOvn(): AsyncGenerator<Metric> {
  const ours = new Map<Change, number[]>();
  for (const count of PORTS) {
    const turns = await compare(largeHost(count));
    for (const [change, list] of turns) {
      const of = (who: keyof Turn) => median(list.map((turn) => turn[who]));
      ours.set(change, [...(ours.get(change) ?? []), of('ours')]);
      // Of each round by itself: what slows the machine for a while slows both sides of it.
      const ratio = median(list.map((turn) => turn.ours / turn.theirs));
      const isJudged = count === PORTS.at(-1);
      yield {
        ...base(`${change} → flows confirmed, ${count} ports`),
        value: round(of('ours')),
        unit: 'ms',
        peer: `OVN ${round(of('theirs'))} ms (${round(of('command'))} ms by a new ovn-nbctl)`,
        ratio: round(ratio, 2),
        goal: isJudged ? `≤ ${GOALS[change]}` : 'none',
        pass: !isJudged || ratio <= GOALS[change],
      };
    }
  }
  const [least = 0, most = 0] = [ours.get('group member changed')?.at(0), ours.get('group member changed')?.at(-1)];
  yield {
    ...base(`group member changed at ${PORTS.at(-1)} ports beside ${PORTS[0]}`),
    value: round(most),
    unit: 'ms',
    peer: `ours at ${PORTS[0]}: ${round(least)} ms`,
    ratio: round(most / least, 2),
    goal: `≤ ${FLAT}`,
    pass: most / least <= FLAT,
  };
}

const base = (metric: string) => ({ name: 'enforce', metric });
const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

async function compare(host: LargeHost): Promise<Map<Change, Turn[]>> {
  const contenders: Contender[] = [];
  try {
    const ours = await startOurs(host);
    contenders.push(ours);
    const [theirs, command] = await startTheirs(host);
    contenders.push(theirs);
    for (const contender of contenders) await mustChangeFlows(contender);
    const turns = new Map<Change, Turn[]>(Object.keys(GOALS).map((change) => [change as Change, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [change, list] of turns) {
        const timed = async ({ changes }: Pick<Contender, 'changes'>): Promise<number> => {
          const { prepare, make } = changes[change];
          await prepare?.(true);
          const begin = performance.now();
          await make(true);
          const tookMs = performance.now() - begin;
          await toggle(changes[change], false);
          return tookMs;
        };
        list.push({ ours: await timed(ours), theirs: await timed(theirs), command: await timed(command) });
      }
    }
    return turns;
  } finally {
    for (const contender of contenders) await contender.remove();
  }
}

async function toggle({ prepare, make }: Toggle, on: boolean): Promise<void> {
  await prepare?.(on);
  await make(on);
}

async function mustChangeFlows({ changes, flows }: Contender): Promise<void> {
  for (const change of Object.values(changes)) {
    const before = await flows();
    await toggle(change, true);
    const during = await flows();
    await toggle(change, false);
    const after = await flows();
    if (during <= before || after !== before) throw new Error(`flows: ${before}, ${during}, ${after}`);
  }
}

const flowsOf = async ({ ofctl, runDir }: DummyOvs): Promise<number> =>
  Number(/flow_count=(\d+)/.exec(await ofctl('-O', 'OpenFlow15', 'dump-aggregate', `unix:${runDir}/br-int.mgmt`))?.[1]);

async function startOurs(host: LargeHost): Promise<Contender> {
  const cloud = await startCloudProcess(host);
  try {
    return { ...(await ourChanges(cloud, host)), flows: () => flowsOf(cloud.engine.ovs), remove: cloud.remove };
  } catch (error) {
    await cloud.remove();
    throw error;
  }
}

async function ourChanges(
  { person: { client }, host: watch }: CloudProcess,
  { intent }: LargeHost,
): Promise<Pick<Contender, 'changes'>> {
  const vmIds = intent.vnics.map(({ vmId }) => vmId);
  const group = { description: '', tenantId: null, vmIds: [] as string[] };
  const everyone = await client.createGroup({ body: { ...group, name: 'everyone', selector: 'app=web' } });
  const clients = await Promise.all(
    Array.from({ length: RULES }, (_, n) =>
      client.createGroup({ body: { ...group, name: `clients${n}`, vmIds: vmIds.slice(0, 1) } }),
    ),
  );
  const peer = (id: string) => ({ ...ANYONE, groupIds: [id] });
  const rule = (n: number) => ({
    name: `rule ${n}`,
    enabled: true,
    action: 'allow' as const,
    from: peer(clients[n % RULES]!.id),
    to: peer(everyone.id),
    services: [{ protocol: 'tcp' as const, ports: [String(FIRST_PORT + n)] }],
    log: false,
    comment: '',
  });
  const fields = { description: '', tier: 'platform' as const, tenantId: null, order: 1, enabled: true };
  const rules = Array.from({ length: RULES }, (_, n) => rule(n));
  let policy = await client.createPolicy({ body: { ...fields, name: 'bench', rules } });
  let group0 = clients[0]!;

  const enforced = async (call: () => Promise<unknown>): Promise<void> => {
    const before = watch.intended();
    await Promise.all([call(), watch.enforcesAfter(before)]);
  };
  let { draftRevision } = await client.getPolicyStatus();
  const edit = async (on: boolean): Promise<void> => {
    const { id, revision } = policy;
    // Those that stay keep their ids: without them they would be other rules.
    const staying = policy.rules.slice(0, RULES).map(({ num: _, ...rule }) => rule);
    const body = { ...fields, name: 'bench', rules: on ? [...staying, rule(RULES)] : staying, revision };
    policy = await client.updatePolicy({ params: { id }, body });
    // Nobody else edits this draft.
    draftRevision += 1;
  };
  const publish = () => enforced(() => client.publishPolicy({ body: { draftRevision, comment: '' } }));
  const changeMember = (on: boolean) =>
    enforced(async () => {
      const { id, name, revision } = group0;
      const body = { ...group, name, revision, vmIds: vmIds.slice(0, on ? 2 : 1) };
      group0 = await client.updateGroup({ params: { id }, body });
    });
  await publish();
  return {
    changes: {
      'rule published': { prepare: edit, make: publish },
      'rule edited and published': {
        async make(on) {
          await edit(on);
          await publish();
        },
      },
      'group member changed': { make: changeMember },
    },
  };
}

async function startTheirs(host: LargeHost): Promise<[Contender, Pick<Contender, 'changes'>]> {
  const ovs = await startDummyOvs();
  let ovn: Ovn | undefined;
  const remove = async (): Promise<void> => {
    await ovn?.remove();
    await ovs.stop();
  };
  try {
    await ovs.addBridge('br-int');
    await plugIn(ovs, host);
    ovn = await startOvn({ ...ovs, datapathType: 'dummy' });
    const ports = host.intent.vnics.map(({ id, mac, ipv4 }) => ({ name: id, mac, ipv4: ipv4[0]! }));
    await ovn.addPorts(ports);
    await ovn.nbctl('pg-add', 'everyone', ...ports.map(({ name }) => name));
    for (let n = 0; n < RULES; n++) {
      await ovn.nbctl('create', 'Address_Set', `name=clients${n}`, `addresses="${ports[0]!.ipv4}"`);
      await ovn.nbctl(...acl('acl-add', n));
    }
    await ovn.nbctl('--wait=hv', ...denyRest);
    const changesBy = (run: Ovn['nbctl']): Contender['changes'] => {
      const rule = {
        make: async (on: boolean) => void (await run('--wait=hv', ...acl(on ? 'acl-add' : 'acl-del', RULES))),
      };
      const setMember = (on: boolean) =>
        run('--wait=hv', on ? 'add' : 'remove', 'Address_Set', 'clients0', 'addresses', `"${ports[1]!.ipv4}"`);
      return {
        'rule published': rule,
        'rule edited and published': rule,
        'group member changed': { make: async (on) => void (await setMember(on)) },
      };
    };
    return [
      { changes: changesBy(ovn.nbctlDaemon), flows: () => flowsOf(ovs), remove },
      { changes: changesBy(ovn.nbctl) },
    ];
  } catch (error) {
    await remove();
    throw error;
  }
}

const denyRest = ['--type=port-group', 'acl-add', 'everyone', 'to-lport', '1', 'outport == @everyone && ip', 'drop'];

function acl(command: 'acl-add' | 'acl-del', n: number): readonly string[] {
  const match = `outport == @everyone && ip4 && ip4.src == $clients${n % RULES} && tcp.dst == ${FIRST_PORT + n}`;
  const verdict = command === 'acl-add' ? ['allow-related'] : [];
  return ['--type=port-group', command, 'everyone', 'to-lport', '1000', match, ...verdict];
}
