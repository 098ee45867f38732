import dns from 'node:dns/promises';
import net from 'node:net';
import os from 'node:os';
import type { ManagementAccess } from '@hypervigil/host-firewall';
import type { HostListener } from '@hypervigil/model';
import { readSockets } from './listeners.ts';

const SSH = 22;

interface AccessDeps {
  /** The platform's address, `https://platform.example:8443`. */
  readonly platform: () => string;
  readonly listeners: () => Promise<readonly HostListener[]>;
}

/** How this host is managed now. What cannot be found out is left out: the trial of a policy shows it. */
export async function readAccess({ platform, listeners }: AccessDeps): Promise<ManagementAccess> {
  const own = new Set(Object.values(os.networkInterfaces()).flatMap((of) => of?.map(({ address }) => address) ?? []));
  const isElsewhere = (address: string): boolean => !own.has(address) && !/^(127\.|::1$)/.test(address);
  const url = new URL(platform());
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const isName = net.isIP(name) === 0;
  const addresses = isName ? await dns.lookup(name, { all: true }).catch(() => []) : [{ address: name }];
  const port = Number(url.port || 443);
  const ports = new Set([SSH, ...(await listeners()).filter((one) => one.process === 'sshd').map((one) => one.port)]);
  const sessions = (await readSockets()).filter(
    (socket) => socket.protocol === 'tcp' && socket.state === 'established' && ports.has(socket.port),
  );
  return {
    platform: addresses.flatMap(({ address }) => (isElsewhere(address) ? { address, port } : [])),
    resolvers: isName ? dns.getServers().filter((server) => net.isIP(server) !== 0 && isElsewhere(server)) : [],
    ssh: sessions.flatMap(({ peer, port }) => (isElsewhere(peer) ? { address: peer, port } : [])),
  };
}
