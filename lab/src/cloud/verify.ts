import type { Client, RuleInput } from '@hypervigil/contract';
import {
  ANYONE,
  type Blocks,
  type HostFirewallPolicy,
  type Peer,
  RULE_DEFAULTS,
  type Rule,
  type Vm,
} from '@hypervigil/model';
import type { GatewayLooks, PolicyHooks } from '../attack.ts';
import { labDown } from '../down.ts';
import { LabError } from '../errors.ts';
import { platformFlowLog } from '../flow-log.ts';
import { deafenGateway, gatewayVms } from '../gateway-vms.ts';
import { virsh } from '../host/libvirt.ts';
import { type Lab, labState } from '../lab.ts';
import { liveProtections } from '../protections.ts';
import { runInHostOk } from '../spawn.ts';
import { chooseAttacks, isWell, type VerifyRow, verify } from '../verify.ts';
import { addressOf } from '../vm/spec.ts';
import { hostOf } from '../vm/vm.ts';
import { waitFor } from '../wait.ts';
import { enforcedBy, everyHostEnforces, restartEngines } from './engines.ts';
import { ensureGateways, gatewaysDetect, gatewaysUp, gatewaysWatch, inspectRule } from './gateways.ts';
import type { CloudOptions } from './options.ts';
import { overhear } from './overhear.ts';
import { overreach } from './overreach.ts';
import type { Progress } from './progress.ts';
import { cloudUp, labClient, labOf } from './up.ts';

/** Allows and revokes as a provider's administrator does: a rule in the platform tier, published to every host. */
export function platformPolicy(
  lab: Lab,
  client: Client,
  { httpPort, signatures }: Pick<CloudOptions, 'httpPort' | 'signatures'>,
): PolicyHooks {
  const { hosts, vms } = labState(lab);
  const policyIds: string[] = [];
  let limitId: string | undefined;
  let mirrorId: string | undefined;
  const gatewayGroup = (name?: string) => ensureGateways(lab, client, name, signatures);
  /** Networks that vNICs were on before an attack, by the vNICs' ids. */
  const moved = new Map<string, string | null>();
  const publish = async () => {
    const { draftRevision } = await client.getPolicyStatus();
    await client.publishPolicy({ body: { draftRevision, comment: '' } });
    await everyHostEnforces(client, hosts.length);
  };
  const move = (vnicId: string, networkId: string | null) =>
    client.updateVnic({ params: { id: vnicId }, body: { networkId } });
  const addressIn = (name: string) => addressOf(vms[name]!.spec.ipv4);
  const peers = (names: readonly string[]) => ({ ...ANYONE, cidrs: names.map(addressIn) });
  const peer = (name: string) => peers([name]);
  const enforce = async (change: RuleChange) => {
    const rule = { ...RULE_DEFAULTS, name: 'For an attack', enabled: true, log: true, ...change };
    const body = {
      name: 'For an attack',
      description: '',
      tier: 'platform' as const,
      tenantId: null,
      order: 5,
      enabled: true,
      rules: [rule],
    };
    policyIds.push((await client.createPolicy({ body })).id);
    await publish();
  };
  const outside = outsidePolicy(client, publish);
  return {
    allowOutside: (from, block, bad) => outside.allow(peer(from), { ...ANYONE, cidrs: [block] }, bad),
    forbidOutside: outside.forbid,
    allow: (from, to, port) =>
      enforce({
        action: 'allow',
        from: peer(from),
        to: peer(to),
        services: [tcp(port)],
      }),
    reject: (to, port) =>
      enforce({ action: 'reject', from: ANYONE, to: peer(to), services: [{ protocol: 'udp', ports: [String(port)] }] }),
    async inspect(from, to, port) {
      const groupId = await gatewayGroup();
      const service = { protocol: 'udp' as const, ports: [String(port)] };
      await enforce(inspectRule(groupId, { from: peer(from), to: peer(to), service, onFailure: 'closed' }));
      return looksOf(lab, await hostOf(lab, to));
    },
    async inspectChain(from, to, port) {
      const groupId = await gatewayGroup();
      const later = await gatewayGroup('Lab gateways of second links');
      const service = { protocol: 'udp' as const, ports: [String(port)] };
      const next = [{ groupId: later, onFailure: 'closed' as const }];
      await enforce(inspectRule(groupId, { from: peer(from), to: peer(to), service, onFailure: 'closed', next }));
      const gateways = (await client.listGateways()).items.filter((gateway) => gateway.groupId === later);
      const second = gateways.map(({ id }) => id);
      return { ...(await looksOf(lab, await hostOf(lab, to), second)), second };
    },
    async inspectFor(from, to, port, blocks) {
      const groupId = await gatewayGroup();
      await enforce(blockingRule(groupId, { from: peer(from), to: peer(to), port, blocks }));
      await gatewaysDetect(client, groupId);
    },
    async inspectUnheard(from, to, port, blocks) {
      const groupId = await gatewayGroup();
      for (const gateway of await gatewayVms(lab)) await deafenGateway(lab, gateway);
      await enforce(blockingRule(groupId, { from: peer(from), to: peer(to), port, blocks }));
    },
    ...(signatures !== null && {
      async watch(from, to, port) {
        const groupId = await gatewayGroup();
        await enforce({ action: 'allow', from: peers(from), to: peer(to), services: [tcp(port)] });
        const { id, tenantId } = await vmNamed(client, to);
        const target = { kind: 'gateway' as const, groupId };
        const body = { name: 'For an attack', description: '', tenantId: tenantId!, vmIds: [id], oneIn: 1, target };
        mirrorId = (await client.createMirror({ body })).id;
        await gatewaysWatch(client, groupId);
        await mirrorReady(client, mirrorId);
        const suspects = async (signature: number) => {
          const { items } = await client.listFlows({ query: { signature, port, limit: 100 } });
          return from.filter((name) => items.some(({ src }) => src.ip === addressIn(name)));
        };
        return {
          async suspects(signature, one) {
            const isTold = async () => (await suspects(signature)).includes(one);
            await waitFor(`signature ${signature} is told`, isTold, TOLD).catch(() => undefined);
            return suspects(signature);
          },
        };
      },
    }),
    async restartGateways() {
      const before = new Set((await gatewayVms(lab)).map(({ pid }) => pid));
      for (const { id, groupId } of (await client.listGateways()).items) {
        await client.restartGateway({ params: { id } });
        const isAnother = async () => (await gatewayVms(lab)).some((vm) => vm.id === id && !before.has(vm.pid));
        await waitFor('a gateway starts anew', isAnother, { timeoutMs: 60_000, everyMs: 200 });
        await gatewaysUp(client, groupId);
      }
    },
    async overreach(from, to, port) {
      const [own, foreign] = [await vmNamed(client, from), await vmNamed(client, to)];
      const wish = { own, foreign, from: peer(from), to: peer(to), port };
      const { answers, left } = await overreach(`http://127.0.0.1:${httpPort}`, client, wish);
      policyIds.push(...left);
      // As the provider's next publishing would take it along.
      await publish();
      return answers;
    },
    async bound(bounded, from, to, port) {
      await enforce({ action: 'allow', from: peers(from), to: peer(to), services: [tcp(port)] });
      await enforcedBy(client, hosts.length, async () => {
        const { id } = await vmNamed(client, bounded);
        const body = { name: 'For an attack', description: '', vmIds: [id], newOut: { perSecond: 1, burst: 10 } };
        limitId = (await client.createLimit({ body })).id;
      });
    },
    async apart({ from, to, port }, other) {
      await enforce({
        action: 'allow',
        from: peer(from),
        to: peer(to),
        services: [tcp(port)],
      });
      const { items } = await client.listNetworks({ query: { q: OTHER_NETWORK } });
      await enforcedBy(client, hosts.length, async () => {
        for (const name of [other.from, other.to]) {
          const { id, networkId } = (await vmNamed(client, name)).vnics[0]!;
          moved.set(id, networkId);
          await move(id, items[0]!.id);
        }
      });
      await tablesShared(lab);
    },
    async overhear(by, of, marker, talk) {
      const [own, foreign] = [await vmNamed(client, by), await vmNamed(client, of)];
      return overhear(`http://127.0.0.1:${httpPort}`, client, { own, foreign, talk, marker });
    },
    async revoke() {
      for (const id of policyIds.splice(0)) await client.deletePolicy({ params: { id } });
      for (const [id, networkId] of moved) await move(id, networkId);
      moved.clear();
      await publish();
      // Last: what is still under way would pass without it.
      if (limitId !== undefined) await client.deleteLimit({ params: { id: limitId } });
      limitId = undefined;
      if (mirrorId !== undefined) await client.deleteMirror({ params: { id: mirrorId } });
      mirrorId = undefined;
    },
    async quarantine(name) {
      await enforcedBy(client, hosts.length, async () => {
        const { id } = await vmNamed(client, name);
        await client.quarantineVm({ params: { id }, body: { reason: 'For an attack' } });
      });
    },
    async release(name) {
      const { id, quarantine } = await vmNamed(client, name);
      if (quarantine === null) return;
      await enforcedBy(client, hosts.length, async () => {
        await client.releaseVm({ params: { id }, body: { reason: 'The attack is over' } });
      });
    },
    flowLog: async () => platformFlowLog(client),
    async trustExporter(host, address) {
      const { items } = await client.listHosts({ query: { q: host } });
      const hostId = items.find(({ name }) => name === host)!.id;
      const where = { hostId, address, listen: '127.0.0.1', protocol: 'ipfix' } as const;
      const { id } = await client.createExporter({ body: { name: `For an attack on ${host}`, ...where } });
      const params = { id };
      const isHeard = async () => (await client.getExporter({ params })).report?.state === 'listening';
      await waitFor(`${host} listens for the exporter`, isHeard, TOLD);
      return async () => void (await client.deleteExporter({ params }));
    },
    async alertsOf(name, sinceMs) {
      const { id } = await vmNamed(client, name);
      const { items } = await client.listAlerts({ query: { vmId: id } });
      return items.filter(({ lastAt }) => Date.parse(lastAt) >= sinceMs).map(({ code }) => code);
    },
    async cutOffFor(code) {
      const body = { name: 'For an attack', enabled: true, match: { codes: [code] }, action: 'quarantine' as const };
      const { id } = await client.createPlaybook({ body });
      return () => client.deletePlaybook({ params: { id } });
    },
    restartEngines: () => restartEngines(lab, client),
    guardHosts: () => setHostFirewall(client, LIBVIRT_ONLY),
    unguardHosts: () => setHostFirewall(client, null),
  };
}

/** TCP and UDP to a port, but for what gateways recognise. */
function blockingRule(
  groupId: string,
  { port, ...rest }: { readonly from: Peer; readonly to: Peer; readonly port: number; readonly blocks: Blocks },
) {
  const service = (['tcp', 'udp'] as const).map((protocol) => ({ protocol, ports: [String(port)] }));
  return inspectRule(groupId, { ...rest, service, onFailure: 'closed' });
}

const tcp = (port: number) => ({ protocol: 'tcp' as const, ports: [String(port)] });

/** A gateway, its host and the platform each gather for seconds before they tell. */
const TOLD = { timeoutMs: 60_000, everyMs: 500 };

/** Resolves when a host sends copies: the one that has the mirror's VM. */
async function mirrorReady(client: Client, id: string): Promise<void> {
  const isReady = async () => {
    const { hosts } = await client.getMirror({ params: { id } });
    return hosts.some(({ state }) => state === 'ready');
  };
  await waitFor('copies are sent', isReady, { timeoutMs: 60_000, everyMs: 200 });
}

/** Resolves when networks have parts of every host's table of connections that do not fill it together. */
async function tablesShared(lab: Lab): Promise<void> {
  for (const host of labState(lab).hosts) {
    const dpctl = (command: string) => runInHostOk(lab, host, ['ovs-appctl', `dpctl/${command}`]);
    const isShared = async () => {
      const parts = [...(await dpctl('ct-get-limits')).matchAll(/^zone=\d+,limit=(\d+)/gm)].map(([, most]) =>
        Number(most),
      );
      const sum = parts.reduce((a, b) => a + b, 0);
      return parts.length > 0 && sum < Number.parseInt(await dpctl('ct-get-maxconns'), 10);
    };
    await waitFor(`networks share the table of ${host}`, isShared, { timeoutMs: 60_000, everyMs: 200 });
  }
}

type RuleChange = Pick<Rule, 'action' | 'from' | 'to' | 'services'> & Pick<RuleInput, 'inspect'>;

/** That of the demo which has no VMs of its own. */
const OTHER_NETWORK = 'vault';

/** The number of the network that the demo makes first: frames carry it as a tag while they are with a gateway. */
const FIRST_NETWORK = 1;

/** @param ids of the gateways that count; all unless told */
async function looksOf(lab: Lab, host: string, ids?: readonly string[]): Promise<GatewayLooks> {
  const gateway = (await gatewayVms(lab, [host])).find(({ id }) => ids === undefined || ids.includes(id));
  if (!gateway) throw new LabError('LAB_VM', `Host ${host} has no gateway`);
  const mac = (await virsh(lab, host, ['domiflist', gateway.name])).match(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/)![0];
  return { mac, vlan: FIRST_NETWORK };
}

async function vmNamed(client: Client, name: string): Promise<Vm> {
  const { items } = await client.listVms({ query: { q: name, limit: 1000 } });
  const found = items.find((vm) => vm.name === name);
  if (!found) throw new LabError('LAB_VM', `The platform knows no VM ${name}`);
  return found;
}

/** A way outside in the platform tier, and before it, in the emergency tier, what a threat set holds. */
function outsidePolicy(client: Client, publish: () => Promise<void>) {
  const policyIds: string[] = [];
  let setId: string | undefined;
  const addPolicy = async (tier: 'emergency' | 'platform', action: 'allow' | 'deny', from: Peer, to: Peer) => {
    const rule = {
      name: `${action} outside`,
      enabled: true,
      action,
      from,
      to,
      services: action === 'allow' ? [{ protocol: 'tcp' as const, ports: ['80'] }] : [],
      log: true,
      comment: '',
    };
    const policy = { name: `Outside ${tier}`, description: '', tier, tenantId: null, order: 1, enabled: true };
    policyIds.push((await client.createPolicy({ body: { ...policy, rules: [rule] } })).id);
  };
  return {
    async allow(from: Peer, to: Peer, bad: readonly string[]): Promise<void> {
      const feed = { format: 'list' as const, url: null };
      const set = await client.createThreatSet({ body: { name: 'Known bad', description: '', tenantId: null, feed } });
      setId = set.id;
      const content = `# Known bad\n${bad.join('\n')}\n`;
      await client.uploadThreatSet({ params: { id: set.id }, body: { fileName: 'bad.txt', content } });
      await addPolicy('emergency', 'deny', from, { ...ANYONE, addressSetIds: [set.id] });
      await addPolicy('platform', 'allow', from, to);
      await publish();
    },
    async forbid(): Promise<void> {
      for (const id of policyIds.splice(0)) await client.deletePolicy({ params: { id } });
      await publish();
      if (setId !== undefined) await client.deleteThreatSet({ params: { id: setId } });
      setId = undefined;
    },
  };
}

const LIBVIRT_ONLY: HostFirewallPolicy = {
  mode: 'enforce',
  inbound: 'deny',
  outbound: 'allow',
  sets: [],
  rules: [{ direction: 'in', action: 'allow', services: ['libvirt-tls', 'migration'], peers: [], comment: '' }],
  keepSsh: true,
};

/** Gives every host a firewall and confirms it, as an administrator does. */
async function setHostFirewall(client: Client, policy: HostFirewallPolicy | null): Promise<void> {
  const { revision } = await client.getHostFirewallDefault();
  const set = await client.updateHostFirewallDefault({ body: { policy, revision, trialSeconds: 120 } });
  await client.confirmHostFirewallDefault({ body: { revision: set.revision } });
  const isKept = async () => {
    const { items } = await client.listHostFirewalls({ query: {} });
    return items.every(({ revision, status }) => status?.state === 'kept' && status.revision === revision);
  };
  await waitFor('every host keeps its firewall', isKept, { timeoutMs: 120_000, everyMs: 200 });
}

/** A cloud of its own, every attack with the protection off and on, and nothing left behind. */
export async function cloudVerify(
  options: CloudOptions,
  progress: Progress,
  onRow: (row: VerifyRow) => void,
): Promise<boolean> {
  const lab = labOf(options);
  const only = options.only.length > 0 ? { only: options.only } : {};
  // A mistyped name is said before a cloud is brought up for it.
  chooseAttacks(only.only, true);
  try {
    await cloudUp(options, progress);
    const protections = await liveProtections(lab);
    const policyOn = platformPolicy(lab, labClient(lab), options);
    const rows = await verify({ lab, protections: { ...protections, policyOn }, onRow, ...only });
    return isWell(rows);
  } finally {
    await labDown({ id: options.id, onStep: progress.onStep });
  }
}
