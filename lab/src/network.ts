import { existsSync } from 'node:fs';
import { LabError } from './errors.ts';
import { type Lab, labState } from './lab.ts';
import { managementAddress } from './names.ts';
import { run, runOk } from './run.ts';
import { recordCreated } from './state.ts';

/** Bridges inside the lab's own namespace: no firewall of the machine (br_netfilter) touches what crosses them. */
const MANAGEMENT_BRIDGE = 'hvmgmt';
const TRUNK_BRIDGE = 'hvtrunk';

async function exists(argv: readonly string[]): Promise<boolean> {
  return (await run(argv)).code === 0;
}

/** Makes a network namespace, or finds the one that this lab made before. */
async function ensureNetns(lab: Lab, name: string): Promise<void> {
  const mine = labState(lab).created.some((c) => c.kind === 'netns' && c.name === name);
  if (existsSync(`/run/netns/${name}`)) {
    if (!mine) throw new LabError('LAB_FOREIGN', `Namespace ${name} exists and is not this lab's; use another --id`);
  } else {
    await recordCreated(lab.dir, { kind: 'netns', name });
    await runOk(['ip', 'netns', 'add', name]);
  }
  await runOk(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
  // The kernel's own neighbour and router solicitations would reach guests through their taps.
  for (const scope of ['all', 'default']) {
    await runOk(['ip', 'netns', 'exec', name, 'sysctl', '-q', '-w', `net.ipv6.conf.${scope}.disable_ipv6=1`]);
  }
}

async function ensureBridge(netns: string, name: string): Promise<void> {
  if (await exists(['ip', '-n', netns, 'link', 'show', name])) return;
  // No learning delay, no snooping: neighbour discovery is multicast and has to pass at once.
  await runOk([
    'ip',
    '-n',
    netns,
    'link',
    'add',
    name,
    'up',
    'type',
    'bridge',
    'forward_delay',
    '0',
    'mcast_snooping',
    '0',
  ]);
}

/** A pair of interfaces between the lab's bridges and a host; the lab's end is a port of `bridge`. */
async function ensureWire(lab: Lab, bridge: string, port: string, hostNetns: string, hostEnd: string): Promise<void> {
  const netns = lab.names.netNamespace;
  if (!(await exists(['ip', '-n', netns, 'link', 'show', port]))) {
    const peer = ['type', 'veth', 'peer', 'name', hostEnd, 'netns', hostNetns];
    await runOk(['ip', '-n', netns, 'link', 'add', port, ...peer]);
  }
  await runOk(['ip', '-n', netns, 'link', 'set', port, 'master', bridge, 'up']);
  await runOk(['ip', '-n', hostNetns, 'link', 'set', hostEnd, 'up']);
}

/** The management network with root at .1, and the tenants' trunk, which has no address and passes every tag. */
export async function ensureNetworks(lab: Lab): Promise<void> {
  const { netNamespace, managementLink } = lab.names;
  await ensureNetns(lab, netNamespace);
  await ensureBridge(netNamespace, MANAGEMENT_BRIDGE);
  await ensureBridge(netNamespace, TRUNK_BRIDGE);
  const mine = labState(lab).created.some((c) => c.kind === 'link' && c.name === managementLink);
  if (!(await exists(['ip', 'link', 'show', managementLink]))) {
    await recordCreated(lab.dir, { kind: 'link', name: managementLink });
    const peer = ['type', 'veth', 'peer', 'name', 'root', 'netns', netNamespace];
    await runOk(['ip', 'link', 'add', managementLink, ...peer]);
  } else if (!mine) {
    throw new LabError('LAB_FOREIGN', `Interface ${managementLink} exists and is not this lab's; use another --id`);
  }
  await runOk(['ip', '-n', netNamespace, 'link', 'set', 'root', 'master', MANAGEMENT_BRIDGE, 'up']);
  const address = managementAddress(labState(lab).subnet);
  await runOk(['ip', 'address', 'replace', `${address}/24`, 'dev', managementLink]);
  await runOk(['ip', 'link', 'set', managementLink, 'up']);
}

/** A host's network namespace with `mgmt0` (management) and `uplink` (trunk). */
export async function ensureHostNetwork(lab: Lab, host: string): Promise<void> {
  const netns = lab.names.hostNamespace(host);
  const { subnet, hosts } = labState(lab);
  await ensureNetns(lab, netns);
  await ensureWire(lab, MANAGEMENT_BRIDGE, `${host}m`, netns, 'mgmt0');
  await ensureWire(lab, TRUNK_BRIDGE, `${host}t`, netns, 'uplink');
  const address = managementAddress(subnet, hosts.indexOf(host));
  await runOk(['ip', '-n', netns, 'address', 'replace', `${address}/24`, 'dev', 'mgmt0']);
}

/** A network 10.254.N.0/24 that this machine does not use: 0 for the lab `hv`, the first free one for others. */
export async function freeSubnet(id: string): Promise<number> {
  const used = await runOk(['ip', '-o', '-4', 'address', 'show']);
  const routes = await runOk(['ip', '-o', '-4', 'route', 'show']);
  const isFree = (n: number) => !`${used}${routes}`.includes(` 10.254.${n}.`) && !routes.startsWith(`10.254.${n}.`);
  const first = id === 'hv' ? 0 : 1 + ([...id].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 199, 0) % 199);
  for (let i = 0; i < 200; i++) {
    const n = (first + i) % 200;
    if (isFree(n)) return n;
  }
  throw new LabError('LAB_FOREIGN', 'No free network in 10.254.0.0/16 for the lab');
}
