import { setTimeout as delay } from 'node:timers/promises';
import type { Call, GatewayLooks, PolicyHooks } from './attack.ts';
import { plainFlowLog } from './flow-log.ts';
import { gatewayVms } from './gateway-vms.ts';
import { type Lab, labState } from './lab.ts';
import { isAlive } from './process.ts';
import { runInHostOk } from './spawn.ts';
import type { Protections } from './verify.ts';
import { addressOf } from './vm/spec.ts';
import { waitFor } from './wait.ts';

async function replaceFlows(lab: Lab, host: string, flows: string): Promise<void> {
  const argv = ['ovs-ofctl', '-O', 'OpenFlow15', '--bundle', 'replace-flows', 'br-int', '-'];
  await runInHostOk(lab, host, argv, { input: flows });
  // Else packets may go on by the flows before (forgetMegaflows in drivers/ovs tells why, and why twice).
  for (let n = 0; n < 2; n++) await runInHostOk(lab, host, ['ovs-appctl', 'revalidator/purge']);
}

/** A switch without any protection: it learns, floods and passes everything within a VLAN. */
export const openSwitches = (lab: Lab): Promise<void> => openSwitchesBut(lab, []);

/** Like {@link openSwitches}, with flows that come first. */
async function openSwitchesBut(lab: Lab, flows: readonly string[]): Promise<void> {
  await programAll(lab, [...flows, 'priority=0,actions=NORMAL']);
}

async function programAll(lab: Lab, flows: readonly string[]): Promise<void> {
  for (const host of labState(lab).hosts) {
    // A gateway is a wire from one port to another: what it brings back would go round and round.
    const taps = (await gatewayVms(lab, [host])).flatMap((gateway) => Object.values(gateway.taps));
    const closed = taps.map((tap) => `table=0,priority=100,in_port=${tap},actions=drop`);
    await replaceFlows(lab, host, [...closed, ...flows, ''].join('\n'));
  }
}

/** What the gateway that is not there would look like. */
const LOOKS: GatewayLooks = { mac: '52:54:00:88:00:01', vlan: 1 };

/**
 * A plain stateful firewall, which decides when a connection begins and never again: what a rule that is revoked does
 * where nobody cuts the connections it allowed.
 */
export function statefulOnly(lab: Lab): PolicyHooks {
  const { vms } = labState(lab);
  const program = (rules: string) =>
    programAll(lab, [
      'table=0,priority=10,arp,actions=NORMAL',
      'table=0,priority=10,icmp6,actions=NORMAL',
      'table=0,priority=5,ip,actions=ct(table=1,zone=7)',
      'table=1,priority=10,ct_state=+trk+est,ip,actions=NORMAL',
      rules,
    ]);
  const allowAll = (calls: readonly Call[]) => {
    const rules = calls.map(({ from, to, port }) => {
      const [source, target] = [from, to].map((name) => addressOf(vms[name]!.spec.ipv4));
      const match = `tcp,nw_src=${source},nw_dst=${target},tp_dst=${port}`;
      return `table=1,priority=10,ct_state=+trk+new,${match},actions=ct(commit,zone=7),NORMAL`;
    });
    return program(rules.join('\n'));
  };
  const allow = (from: string, to: string, port: number) => allowAll([{ from, to, port }]);
  // Insertion as it is simply done: what bears the tag or the address of a gateway is on its way through it, or has passed.
  const inserted: PolicyHooks['inspect'] = async (_from, to) => {
    const { ipv4, mac } = vms[to]!.spec;
    await openSwitchesBut(lab, [
      `priority=20,dl_vlan=${LOOKS.vlan},actions=pop_vlan,resubmit(,1)`,
      `priority=10,dl_dst=${LOOKS.mac},actions=resubmit(,1)`,
      `table=1,priority=10,dl_dst=${LOOKS.mac},ip,nw_dst=${addressOf(ipv4)},actions=mod_dl_dst:${mac},NORMAL`,
      'table=1,priority=0,actions=NORMAL',
    ]);
    return LOOKS;
  };
  // Whoever may use a port may say there what he likes.
  const unread: PolicyHooks['inspectFor'] = (from, to, port) => {
    const ends = `nw_src=${addressOf(vms[from]!.spec.ipv4)},nw_dst=${addressOf(vms[to]!.spec.ipv4)},tp_dst=${port}`;
    const pass = (protocol: string) =>
      `table=1,priority=10,ct_state=+trk+new,${protocol},${ends},actions=ct(commit,zone=7),NORMAL`;
    return program(['tcp', 'udp'].map(pass).join('\n'));
  };
  return {
    allow,
    // Whoever reaches the firewall's settings may write whatever rule there is.
    async overreach(from, to, port) {
      await allow(from, to, port);
      return 'any rule: accepted';
    },
    // It remembers whatever may begin, however much of it.
    bound: (_, callers, to, port) => allowAll(callers.map((from) => ({ from, to, port }))),
    // All that it remembers is in one table.
    apart: (one, other) => allowAll([one, other]),
    // Whoever reaches the switch's settings may have it copy whatever there is.
    async overhear(by, of, _marker, talk) {
      const [source, target] = [by, of].map((name) => vms[name]!.spec);
      const copy = `mod_dl_dst:${source!.mac},NORMAL`;
      await openSwitchesBut(lab, [`priority=20,ip,nw_dst=${addressOf(target!.ipv4)},actions=NORMAL,${copy}`]);
      await talk();
      return { heard: [], control: true, evidence: 'any copy: accepted' };
    },
    // Nobody looks into what passes.
    async watch(callers, to, port) {
      await allowAll(callers.map((from) => ({ from, to, port })));
      return { suspects: async () => [] };
    },
    revoke: () => program(''),
    // Rules that allow the VM nothing any more: all that such a firewall knows to do.
    quarantine: () => program(''),
    release: async () => undefined,
    inspect: inserted,
    inspectChain: async (...rule) => ({ ...(await inserted(...rule)), second: [] }),
    inspectFor: unread,
    inspectUnheard: unread,
    // Nobody asks where it goes to.
    allowOutside(from, block) {
      const match = `tcp,nw_src=${addressOf(vms[from]!.spec.ipv4)},nw_dst=${block},tp_dst=80`;
      return program(`table=1,priority=10,ct_state=+trk+new,${match},actions=ct(commit,zone=7),NORMAL`);
    },
    forbidOutside: () => program(''),
    // It takes what comes.
    flowLog: (host) => plainFlowLog(lab, host),
  };
}

/** Every flow of every switch that was put there to stay, without its counters. */
async function saveSwitches(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const saved = new Map<string, string>();
  for (const host of labState(lab).hosts) {
    const argv = ['ovs-ofctl', '-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', 'br-int'];
    saved.set(host, lastingFlows(await runInHostOk(lab, host, argv)));
  }
  return saved;
}

/**
 * Of the flows that `ovs-ofctl dump-flows` prints, those that stay. The others were learnt from traffic; what they say may
 * be wrong by the time they are given back.
 */
export function lastingFlows(dump: string): string {
  const stays = (line: string): boolean => {
    // A flow that learns names the timeouts of what it writes, not its own.
    const [match, actions] = line.split(/\bactions=/, 2);
    return actions !== undefined && !/\b(idle|hard)_timeout=/.test(match!);
  };
  return `${dump.split('\n').filter(stays).join('\n')}\n`;
}

/** The engines that run, one per host. */
function engines(lab: Lab): number[] {
  const records = Object.values(labState(lab).processes).filter((p) => p.name.endsWith('/engine'));
  return records.flatMap((p) => (p.identity && isAlive(p.identity) ? [p.identity.pid] : []));
}

/** How long flows have to stay the same to be taken for what an engine wants. */
const SETTLED_MS = 2_000;

/**
 * Switches the protection of a running lab: off holds the engines still (one that runs would put its flows back) and
 * opens the switches; on gives the flows back, lets the engines go on and waits until they have nothing more to change.
 * Without engines there is nothing to switch on.
 */
export async function liveProtections(lab: Lab): Promise<Protections> {
  const policyOff = statefulOnly(lab);
  if (engines(lab).length === 0) return { off: () => openSwitches(lab), policyOff };
  let saved: ReadonlyMap<string, string> = new Map();
  let pids: readonly number[] = [];
  return {
    policyOff,
    async off() {
      // Looked up each time: an attack may move a VM to another port, and start the engines anew.
      pids = engines(lab);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      saved = await saveSwitches(lab);
      await openSwitches(lab);
    },
    async on() {
      for (const [host, flows] of saved) await replaceFlows(lab, host, flows);
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await waitFor(
        'the engines have programmed their switches',
        async () => {
          const before = await saveSwitches(lab);
          await delay(SETTLED_MS);
          const after = await saveSwitches(lab);
          return [...after].every(([host, flows]) => before.get(host) === flows);
        },
        { timeoutMs: 120_000 },
      );
    },
  };
}
