import type { ObservedVm } from '@hypervigil/contract';
import { type FakePlatform, startFakePlatform, TOKEN, until } from '@hypervigil/engine/testing';
import type { HostIntent, IntentRule } from '@hypervigil/model';
import { appCommand } from '../../src/cloud/program.ts';
import { hostPaths, type Lab, labState, runInHostOk, spawnInHost, type VmRequest } from '../../src/index.ts';
import { managementAddress } from '../../src/names.ts';
import { endProcesses, identify } from '../../src/process.ts';

/** Engines on every host of a lab, each with a platform of its own at the wire, so that a test decides what is intended. */
export interface EngineCloud {
  readonly platforms: ReadonlyMap<string, FakePlatform>;
  /** Sends this policy, with every VM that any host has told of, to every host; resolves when all enforce it. */
  publish(rules: readonly IntentRule[], hosts?: readonly string[]): Promise<number>;
  /** Ends a host's engine without a word, and starts it again. */
  killEngine(host: string): Promise<void>;
  startEngine(host: string): Promise<void>;
  stop(): Promise<void>;
}

const TENANTS = ['acme', 'globex'];
export const tenantSet = (name: string): number => 1001 + TENANTS.indexOf(name);

export async function startEngines(lab: Lab): Promise<EngineCloud> {
  const { hosts, subnet } = labState(lab);
  const platforms = new Map<string, FakePlatform>();
  const running = new Map<string, number>();
  let revision = 0;

  const startEngine = async (host: string): Promise<void> => {
    const { engine, managementAddress: address } = hostPaths(lab, host);
    const args = ['run', '--state-dir', engine, '--uplink', 'uplink', '--bridge', 'br-int', '--log-level', 'info'];
    const migration = ['--migration-uri', `qemu+tls://${address}/system?pkipath=/etc/libvirt/pki`];
    const { pid } = await spawnInHost(lab, host, appCommand('engine', [...args, ...migration]), {
      name: `${host}/engine`,
    });
    running.set(host, pid);
  };
  const killEngine = async (host: string): Promise<void> => {
    const identity = identify(running.get(host) ?? 0);
    if (identity) await endProcesses([identity], 0);
  };
  const seen = (): Map<string, ObservedVm> => {
    const vms = new Map<string, ObservedVm>();
    for (const { heard } of platforms.values()) {
      for (const message of heard) {
        if (message.type === 'inventory') for (const vm of message.vms) vms.set(vm.id, vm);
        if (message.type === 'vm') vms.set(message.vm.id, message.vm);
      }
    }
    return vms;
  };

  for (const host of hosts) {
    const platform = await startFakePlatform(managementAddress(subnet));
    platforms.set(host, platform);
    const { url, authority } = platform;
    const join = ['join', '--platform', url, '--token', TOKEN, '--ca-fingerprint', authority.fingerprint];
    await runInHostOk(lab, host, appCommand('engine', [...join, '--state-dir', hostPaths(lab, host).engine]));
    await startEngine(host);
  }
  return {
    platforms,
    killEngine,
    startEngine,
    async publish(rules, to = hosts) {
      const intent = intentOf(++revision, [...seen().values()], rules);
      for (const host of to) platforms.get(host)!.send({ type: 'intent', intent });
      for (const host of to) {
        const { error } = await platforms.get(host)!.waitFor('applied', (applied) => applied.revision === revision);
        if (error !== null) throw new Error(`${host}: ${error}`);
      }
      return revision;
    },
    async stop() {
      for (const host of hosts) await killEngine(host);
      for (const platform of platforms.values()) await platform.stop();
    },
  };
}

/** Waits until a host has told of these VMs, running and plugged in. */
export async function untilSeen(cloud: EngineCloud, vms: readonly VmRequest[]): Promise<void> {
  await until(() =>
    vms.every(({ host, name }) =>
      cloud.platforms
        .get(host)!
        .heard.some(
          (m) =>
            (m.type === 'vm' && isPlugged(m.vm, name)) ||
            (m.type === 'inventory' && m.vms.some((vm) => isPlugged(vm, name))),
        ),
    ),
  );
}

const isPlugged = (vm: ObservedVm, name: string): boolean =>
  vm.name === name && vm.state === 'running' && vm.vnics.length > 0 && vm.vnics.every(({ onSwitch }) => onSwitch);

function intentOf(revision: number, vms: readonly ObservedVm[], rules: readonly IntentRule[]): HostIntent {
  const nums = vms.map(({ id }) => id).sort();
  return {
    revision,
    policyRevision: revision,
    networks: [{ num: 1, id: '00000000-0000-4000-a000-000000000001', vlan: 100, maxConnections: null }],
    tenants: TENANTS.map((_, n) => ({
      num: n + 1,
      id: `00000000-0000-4000-b000-00000000000${n + 1}`,
      intraTenant: 'allow' as const,
    })),
    vnics: vms.flatMap((vm) =>
      vm.vnics.map(({ id, mac, claims }) => ({
        num: nums.indexOf(vm.id) + 1,
        id,
        vmId: vm.id,
        network: 1,
        tenant: TENANTS.indexOf(vm.claims.tenant ?? '') + 1,
        mac,
        ipv4: claims.ipv4,
        ipv6: claims.ipv6,
        quarantined: false,
      })),
    ),
    sets: TENANTS.map((name, n) => ({ num: tenantSet(name), tenant: n + 1, members: [] })),
    rules: [...rules],
    staged: [],
    limits: [],
  };
}
