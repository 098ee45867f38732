import { join } from 'node:path';
import type { Client } from '@hypervigil/contract';
import { type BuiltImage, buildGateway } from '@hypervigil/gateway';
import {
  ANYONE,
  type Blocks,
  type Gateway,
  type InspectInput,
  type OnFailure,
  type Peer,
  RULE_DEFAULTS,
  type Service,
} from '@hypervigil/model';
import type { Lab } from '../lab.ts';
import { waitFor } from '../wait.ts';

const NAME = 'Lab gateways';
/** A gateway boots in seconds; a machine that has much else to do takes longer. */
const BOOT = { timeoutMs: 300_000, everyMs: 200 };

/**
 * Builds the gateway image of this code, which the lab's hosts start gateways from then.
 * @param version another one is another image
 * @param signatures the suite of the distribution that its packages are of, Suricata among them; without, it has none
 */
export function releaseImage(lab: Lab, version?: string, signatures: string | null = null): Promise<BuiltImage> {
  return buildGateway({
    cacheDir: lab.cacheDir,
    keyFile: join(lab.cacheDir, 'gateway-builder.pem'),
    publishIn: lab.gatewayDir,
    ...(version !== undefined && { version }),
    ...(signatures !== null && { engines: ['suricata'] as const, suite: signatures }),
  });
}

/** MiB of a small gateway, and of one that has Suricata besides. */
const MEMORY = { plain: 320, signatures: 512 } as const;

/**
 * One small gateway on every host, from the image that this code makes: made the first time, found again afterwards.
 * Resolves with their group when packets pass all of them.
 */
export async function ensureGateways(
  lab: Lab,
  client: Client,
  name = NAME,
  signatures: string | null = null,
): Promise<string> {
  await releaseImage(lab, undefined, signatures);
  const items = (await client.listGatewayGroups({ query: { q: name } })).items.filter((group) => group.name === name);
  const size = { perHost: 1, vcpus: 1, memoryMiB: signatures === null ? MEMORY.plain : MEMORY.signatures };
  const body = { name, description: '', tenantId: null, ...size, detect: false };
  const { id } = items[0] ?? (await client.createGatewayGroup({ body }));
  await gatewaysUp(client, id);
  return id;
}

/** Waits until packets pass every gateway of a group. */
export const gatewaysUp = (client: Client, groupId: string): Promise<void> =>
  everyGateway('packets pass', client, groupId, ({ report }) => report?.phase === 'up');

/** Waits until every gateway of a group recognises what passes it, under the rules that its host enforces. */
export const gatewaysDetect = (client: Client, groupId: string): Promise<void> =>
  everyGateway('detection runs in', client, groupId, ({ report, drift }) => {
    return report?.phase === 'up' && report.detector === 'running' && !drift.includes('policy');
  });

/** Waits until Suricata runs in every gateway of a group. */
export const gatewaysWatch = (client: Client, groupId: string): Promise<void> =>
  everyGateway('known attacks are looked for in', client, groupId, ({ report }) => {
    return report?.phase === 'up' && report.signatures === 'running';
  });

async function everyGateway(
  what: string,
  client: Client,
  groupId: string,
  isSo: (gateway: Gateway) => boolean,
): Promise<void> {
  const areAllSo = async () => {
    const own = (await client.listGateways()).items.filter((gateway) => gateway.groupId === groupId);
    return own.length > 0 && own.every(isSo);
  };
  await waitFor(`${what} every gateway`, areAllSo, BOOT);
}

type PortService = Extract<Service, { protocol: 'tcp' | 'udp' }>;

/** A rule that sends what it allows through a group's gateways. */
export const inspectRule = (
  groupId: string,
  rule: {
    readonly from?: Peer;
    readonly to: Peer;
    readonly service: PortService | readonly PortService[];
    readonly onFailure: OnFailure;
    readonly blocks?: Blocks;
    /** Of a chain, the links after the first. */
    readonly next?: InspectInput['next'];
  },
) => ({
  ...RULE_DEFAULTS,
  name: `Inspect ${[rule.service].flat().map(serviceText).join(' and ')} or fail ${rule.onFailure}`,
  enabled: true,
  log: true,
  action: 'inspect' as const,
  inspect: {
    ...{ groupId, onFailure: rule.onFailure },
    ...(rule.blocks && { blocks: rule.blocks }),
    ...(rule.next && { next: rule.next }),
  },
  from: rule.from ?? ANYONE,
  to: rule.to,
  services: [rule.service].flat(),
});

const serviceText = ({ protocol, ports }: PortService) => `${protocol} ${ports.join(' ')}`;
