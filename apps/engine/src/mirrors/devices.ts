import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MirrorNum, MirrorTarget } from '@hypervigil/model';
import type { Nftables } from '@hypervigil/nftables';

type Tunnel = Extract<MirrorTarget, { kind: 'tunnel' }>;

/** Names of devices: fifteen bytes at most (Linux, IFNAMSIZ). */
export const deviceOf = (num: MirrorNum, kind: MirrorTarget['kind']): string =>
  `${kind === 'tunnel' ? 'hvt' : 'hvc'}${num}`;
export const isDevice = (name: string): boolean => /^hv[tc]\d{1,10}$/.test(name);

/** The devices of this host that copies leave by. */
export interface MirrorDevices {
  /** Makes a tunnel's device as it should be; one that is so already stays. */
  ensureTunnel(name: string, tunnel: Tunnel): Promise<void>;
  /** Nothing that comes by the device reaches the host, and then it comes. */
  open(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

const TABLE = { family: 'netdev', name: 'hypervigil_mirrors' } as const;
/** Ours are made so, and known again by it after a restart. */
const aliasOf = ({ protocol, collector, key }: Tunnel): string => `hypervigil ${protocol} ${collector} ${key}`;

export function createMirrorDevices(nft: Pick<Nftables, 'apply'>): MirrorDevices {
  const run = promisify(execFile);
  const ip = async (...args: string[]): Promise<string> => (await run('ip', args, { timeout: 10_000 })).stdout;
  /** The alias of a device, empty without one; undefined when there is no such device. */
  const aliasNow = async (name: string): Promise<string | undefined> => {
    const text = await ip('-j', 'link', 'show', 'dev', name).catch(() => undefined);
    if (text === undefined) return undefined;
    const [link] = JSON.parse(text) as { ifalias?: string }[];
    return link?.ifalias ?? '';
  };

  /** A chain outlives its device, and does not take another one of that name. */
  const unguard = (name: string): Promise<void> =>
    nft.apply([{ delete: { chain: { family: TABLE.family, table: TABLE.name, name } } }]).catch(() => undefined);

  return {
    async ensureTunnel(name, tunnel) {
      const now = await aliasNow(name);
      if (now === aliasOf(tunnel)) return;
      if (now !== undefined) await ip('link', 'delete', name);
      await ip('link', 'add', 'name', name, 'type', ...tunnelArguments(tunnel));
      // Copies are as long as what they are copies of: the way to the collector cuts them.
      await ip('link', 'set', 'dev', name, 'mtu', '9000');
      await ip('link', 'set', 'dev', name, 'alias', aliasOf(tunnel));
    },
    /**
     * A copy must not be taken for something that was sent to the host: it is dropped as soon as captures and the switch
     * have seen it, which is before any protocol does (Linux, __netif_receive_skb_core).
     */
    async open(name) {
      await unguard(name);
      const chain = { ...{ family: TABLE.family, table: TABLE.name }, name, type: 'filter', hook: 'ingress' };
      await nft.apply([
        { add: { table: TABLE } },
        { add: { chain: { ...chain, dev: name, prio: -500, policy: 'drop' } } },
      ]);
      await ip('link', 'set', 'dev', name, 'up');
    },
    async remove(name) {
      await unguard(name);
      if ((await aliasNow(name)) !== undefined) await ip('link', 'delete', name).catch(() => undefined);
    },
  };
}

/** How ip-link(8) wants it. Nobody answers through these: nothing is learned of who sends. */
export function tunnelArguments({ protocol, collector, key }: Tunnel): string[] {
  const six = collector.includes(':');
  switch (protocol) {
    case 'vxlan':
      return ['vxlan', 'id', `${key}`, 'remote', collector, 'dstport', '4789', 'nolearning'];
    case 'gre':
      return [six ? 'ip6gretap' : 'gretap', 'remote', collector, 'key', `${key}`];
    case 'erspan':
      return [
        ...[six ? 'ip6erspan' : 'erspan', 'remote', collector, 'seq', 'key', `${key}`],
        // The index is the port that is listened to: here it is all of one mirror.
        ...['erspan_ver', '1', 'erspan', '1'],
      ];
  }
}
