import type { Client } from '@hypervigil/contract';
import { type AssertionEnd, Cidr, parseServices, type Service } from '@hypervigil/model';
import { CliError } from '../errors.ts';
import { idOf } from '../ids.ts';

const LISTS = {
  group: ['groupIds', 'listGroups'],
  vm: ['vmIds', 'listVms'],
  tenant: ['tenantIds', 'listTenants'],
} as const;

/** `group:web,vm:db1,10.0.0.0/8`, `tenant:acme`, `outside`, `anyone`; a bare name is that of a group. */
export async function readEnd(client: Client, text: string): Promise<AssertionEnd> {
  const end: AssertionEnd = { vmIds: [], groupIds: [], tenantIds: [], cidrs: [], outside: false };
  for (const part of wordsOf(text)) {
    if (part === 'anyone') continue;
    if (part === 'outside') end.outside = true;
    else if (Cidr.safeParse(part).success) end.cidrs.push(part);
    else {
      const [, kind = 'group', name] = /^(?:(group|vm|tenant):)?(.*)$/s.exec(part)!;
      const [field, list] = LISTS[kind as keyof typeof LISTS];
      end[field].push(await idOf(client, list, name!));
    }
  }
  return end;
}

/** `tcp/22,udp/5000-5010,icmp/8/0,ip/47`; the platform tells what is out of range. */
export async function readServices(_: Client, text: string): Promise<Service[]> {
  const read = parseServices(wordsOf(text));
  if ('bad' in read) throw new CliError('no-service', { word: read.bad });
  return read.services;
}

const wordsOf = (text: string): string[] => text.split(',').flatMap((word) => word.trim() || []);
