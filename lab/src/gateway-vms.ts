import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { virsh } from './host/libvirt.ts';
import { hostPaths, type Lab, labState } from './lab.ts';
import { endProcesses, identify } from './process.ts';
import { runInHostOk } from './spawn.ts';
import { waitFor } from './wait.ts';

const WAIT = { timeoutMs: 30_000, everyMs: 100 };

/** A gateway VM as libvirt has it. */
export interface GatewayVm {
  readonly host: string;
  /** The domain's. */
  readonly name: string;
  /** As the platform knows it. */
  readonly id: string;
  /** Of its QEMU. */
  readonly pid: number;
  /** The host's ends of its vNICs. */
  readonly taps: { readonly left: string; readonly right: string };
}

/** The gateway VMs that run on a host now, on all hosts unless told. */
export async function gatewayVms(lab: Lab, hosts = labState(lab).hosts): Promise<readonly GatewayVm[]> {
  const found: GatewayVm[] = [];
  const names = async (host: string) =>
    (await virsh(lab, host, ['list', '--name'])).split('\n').filter((name) => name.startsWith('hv-gateway-'));
  for (const host of hosts) {
    for (const name of await names(host)) {
      // Its engine may end it while it is looked at, and start it anew under the same name.
      const { one } = await waitFor(
        `gateway ${name} stands or is gone`,
        async () => {
          try {
            return { one: await seen(lab, host, name) };
          } catch {
            return (await names(host)).includes(name) ? undefined : { one: undefined };
          }
        },
        WAIT,
      );
      if (one) found.push(one);
    }
  }
  return found;
}

async function seen(lab: Lab, host: string, name: string): Promise<GatewayVm> {
  const id = (await virsh(lab, host, ['domuuid', name])).trim();
  const [left, right] = (await virsh(lab, host, ['domiflist', name])).match(/\bvnet\d+\b/g) ?? [];
  const pid = Number(readFileSync(join(hostPaths(lab, host).run, `libvirt/qemu/${name}.pid`), 'utf8'));
  return { host, name, id, pid, taps: { left: left!, right: right! } };
}

/** How many packets a host's switch has sent into its gateways, but for those that ask whether they live. */
export async function steeredPackets(lab: Lab, host: string): Promise<number> {
  const flows = await runInHostOk(lab, host, ['ovs-ofctl', '-O', 'OpenFlow15', 'dump-flows', 'br-int']);
  const counts = flows.split('\n').flatMap((flow) => /n_packets=(\d+).*push_vlan/.exec(flow)?.[1] ?? []);
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** Ends a gateway as a fault does: its QEMU is gone from one moment to the next. */
export async function killGateway({ pid }: Pick<GatewayVm, 'pid'>): Promise<void> {
  const identity = identify(pid);
  if (identity) await endProcesses([identity], 0);
}

/** Takes a gateway's channel from it, as a fault does: it passes packets as before, and hears nothing more until it starts anew. */
export async function deafenGateway(lab: Lab, { host, name }: Pick<GatewayVm, 'host' | 'name'>): Promise<void> {
  await virsh(lab, host, ['detach-device-alias', name, 'channel0', '--live']);
  const isDeaf = async () => !(await virsh(lab, host, ['dumpxml', name])).includes('<channel');
  await waitFor(`gateway ${name} hears nothing`, isDeaf, WAIT);
}

/** Has a gateway stand still: it runs for libvirt, and passes nothing. */
export async function holdGateway(lab: Lab, { host, name }: Pick<GatewayVm, 'host' | 'name'>): Promise<void> {
  await virsh(lab, host, ['suspend', name]);
}

/** Lets a gateway that stands still go on; one that its engine has started anew meanwhile does so already. */
export async function releaseGateway(lab: Lab, { host, name }: Pick<GatewayVm, 'host' | 'name'>): Promise<void> {
  await virsh(lab, host, ['resume', name]).catch(async (error: unknown) => {
    if ((await virsh(lab, host, ['domstate', name])).trim() !== 'running') throw error;
  });
}
