import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import { CURRENT_IMAGE as CURRENT } from '@hypervigil/gateway-link';
import type { HealthItem } from '@hypervigil/model';
import { LabError } from '../errors.ts';
import { hostPaths, type Lab, labState } from '../lab.ts';
import { endProcesses } from '../process.ts';
import { runInHostOk, spawnInHost } from '../spawn.ts';
import { waitFor } from '../wait.ts';
import { appCommand } from './program.ts';

const ENFORCED_MS = 60_000;

/** Enrols a lab host once, and keeps its engine running. */
export async function ensureEngine(lab: Lab, host: string, client: Client): Promise<void> {
  const { engine: stateDir, managementAddress } = hostPaths(lab, host);
  if (!existsSync(join(stateDir, 'identity.json'))) {
    const { url, token, caFingerprint } = await client.createEnrolment({ body: { hostName: host } });
    const join = [
      'join',
      '--platform',
      url,
      '--token',
      token,
      '--ca-fingerprint',
      caFingerprint,
      '--state-dir',
      stateDir,
    ];
    await runInHostOk(lab, host, appCommand('engine', join), { timeoutMs: 30_000 });
  }
  const settings = {
    'state-dir': stateDir,
    uplink: 'uplink',
    'migration-uri': `qemu+tls://${managementAddress}/system?pkipath=/etc/libvirt/pki`,
    'gateway-image': join(lab.gatewayDir, CURRENT.image),
    'gateway-key': join(lab.gatewayDir, CURRENT.key),
    'gateway-domain': labState(lab).image?.type ?? 'qemu',
    // A lab's traffic is little: every packet is counted.
    'established-samples': '65535',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  await spawnInHost(lab, host, appCommand('engine', ['run', ...args]), { name: `${host}/engine` });
}

/** Kills every engine without a word, and starts them again; resolves when they enforce. */
export async function restartEngines(lab: Lab, client: Client): Promise<void> {
  const { hosts, processes } = labState(lab);
  await endProcesses(
    hosts.flatMap((host) => processes[`${host}/engine`]?.identity ?? []),
    0,
  );
  const noneIsOnline = async () => {
    const { items } = await client.listHosts({ query: {} });
    return items.every(({ state }) => state !== 'online');
  };
  await waitFor('the platform knows that the engines are gone', noneIsOnline, { timeoutMs: ENFORCED_MS });
  for (const host of hosts) await ensureEngine(lab, host, client);
  await everyHostEnforces(client, hosts.length);
}

/** Waits until every host is online and enforces what it should. */
export async function everyHostEnforces(client: Client, count: number): Promise<void> {
  await waitFor(
    'every host enforces the policy',
    async () => {
      const { items } = await client.listHosts({ query: {} });
      const good = items.filter(
        (h) => h.state === 'online' && h.appliedRevision === h.intentRevision && h.applyError === null,
      );
      // What was published a moment ago may not have become an intent yet.
      const { hosts } = await client.getPolicyStatus();
      return good.length >= count && hosts.filter(({ enforced }) => enforced).length >= count;
    },
    { timeoutMs: ENFORCED_MS },
  );
}

/** Resolves when every host enforces what a change makes of its intent. */
export async function enforcedBy(client: Client, count: number, change: () => Promise<void>): Promise<void> {
  const revisions = async () =>
    new Map((await client.listHosts({ query: {} })).items.map(({ id, intentRevision }) => [id, intentRevision]));
  const before = await revisions();
  await change();
  const isNewer = async () => [...(await revisions())].every(([id, revision]) => revision > (before.get(id) ?? 0));
  await waitFor('every host has a newer intent', isNewer, { timeoutMs: 60_000, everyMs: 100 });
  await everyHostEnforces(client, count);
}

/** Waits until a host's engine is connected to the platform and to libvirt; says whether it has a switch to police with. */
export async function hostConnected(client: Client, name: string): Promise<{ readonly polices: boolean }> {
  let health: readonly HealthItem[] = [];
  const ok = (item: HealthItem['name']) => health.some((h) => h.name === item && h.ok);
  const connected = async () => {
    const host = (await client.listHosts({ query: {} })).items.find((h) => h.name === name && h.state === 'online');
    health = host?.health ?? [];
    return ok('libvirt');
  };
  await waitFor('libvirt answers', connected, { timeoutMs: 30_000 }).catch((cause: unknown) => {
    const reason = health.find((h) => h.name === 'libvirt')?.params['reason'] ?? 'the host did not connect';
    throw new LabError('LAB_TIMEOUT', `Host ${name} has no libvirt: ${reason}`, cause);
  });
  return { polices: ok('ovs') };
}

/** Waits until the platform sees these VMs and their vNICs are policed. */
export async function everyVmProtected(client: Client, names: readonly string[]): Promise<void> {
  await waitFor(
    'every VM is seen and protected',
    async () => {
      const { items } = await client.listVms({ query: { limit: 1000 } });
      const good = new Set(
        items
          .filter((vm) => vm.vnics.length > 0 && vm.vnics.every((v) => v.protection === 'enforced'))
          .map((vm) => vm.name),
      );
      return names.every((name) => good.has(name));
    },
    { timeoutMs: ENFORCED_MS },
  );
}
