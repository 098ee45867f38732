import type { PolicyHooks } from './attack.ts';
import { type Lab, labState } from './lab.ts';
import { isAlive } from './process.ts';
import { runInHostOk } from './spawn.ts';
import { addressOf } from './vm/spec.ts';

const replaceFlows = (lab: Lab, host: string, flows: string) =>
  runInHostOk(lab, host, ['ovs-ofctl', '-O', 'OpenFlow15', '--bundle', 'replace-flows', 'br-int', '-'], {
    input: flows,
  });

/** A switch without any protection: it learns, floods and passes everything within a VLAN. */
export async function openSwitches(lab: Lab): Promise<void> {
  for (const host of labState(lab).hosts) await replaceFlows(lab, host, 'priority=0,actions=NORMAL\n');
}

/**
 * A plain stateful firewall, which decides when a connection begins and never again: what a rule that is revoked does
 * where nobody cuts the connections it allowed.
 */
export function statefulOnly(lab: Lab): PolicyHooks {
  const { hosts, vms } = labState(lab);
  const program = async (rules: string) => {
    const flows = [
      'table=0,priority=10,arp,actions=NORMAL',
      'table=0,priority=10,icmp6,actions=NORMAL',
      'table=0,priority=5,ip,actions=ct(table=1,zone=7)',
      'table=1,priority=10,ct_state=+trk+est,ip,actions=NORMAL',
      rules,
      '',
    ].join('\n');
    for (const host of hosts) await replaceFlows(lab, host, flows);
  };
  return {
    allow(from, to, port) {
      const [source, target] = [from, to].map((name) => addressOf(vms[name]!.spec.ipv4));
      const match = `tcp,nw_src=${source},nw_dst=${target},tp_dst=${port}`;
      return program(`table=1,priority=10,ct_state=+trk+new,${match},actions=ct(commit,zone=7),NORMAL`);
    },
    revoke: () => program(''),
  };
}

/** What the switches do now, as {@link restoreSwitches} takes it back. */
export async function saveSwitches(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const saved = new Map<string, string>();
  for (const host of labState(lab).hosts) {
    const argv = ['ovs-ofctl', '-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', 'br-int'];
    saved.set(host, await runInHostOk(lab, host, argv));
  }
  return saved;
}

export async function restoreSwitches(lab: Lab, saved: ReadonlyMap<string, string>): Promise<void> {
  for (const [host, flows] of saved) await replaceFlows(lab, host, flows);
}

/** Holds the engines of all hosts still, or lets them go on: one that runs would put its flows back at once. */
export function signalEngines(lab: Lab, signal: 'SIGSTOP' | 'SIGCONT'): number {
  const engines = Object.values(labState(lab).processes).filter((p) => /\/engine$/.test(p.name));
  const running = engines.flatMap((p) => (p.identity && isAlive(p.identity) ? [p.identity.pid] : []));
  for (const pid of running) process.kill(pid, signal);
  return running.length;
}
