import { Service } from '@hypervigil/model';
import { parseBlock, type Where } from '@hypervigil/policy';
import { badField, unknownId } from '../errors.ts';
import type { Database } from '../state/database.ts';

const KINDS = ['group', 'vm', 'tenant', 'set'] as const;
type Kind = (typeof KINDS)[number];
const FIELDS = { group: 'groupIds', vm: 'vmIds', tenant: 'tenantIds', set: 'addressSetIds' } as const;

/**
 * A side of a question as people write it. A bare name is that of a group, else of VMs (of all that have it), else of a
 * tenant, else of an address set.
 * @throws ApiFailure `invalid-request` with `unknown-id` for the field
 */
export async function readWhere(db: Database, field: string, text: string): Promise<Where> {
  if (text === 'anyone') return {};
  if (text === 'outside') return { outside: true };
  if (parseBlock(text)) return { cidrs: [text] };
  const [, prefix, name] = /^(?:(group|vm|tenant|set):)?(.*)$/s.exec(text)!;
  const kinds = prefix === undefined ? KINDS : [prefix as Kind];
  for (const kind of kinds) {
    const rows = await named(db, kind, name!);
    if (rows.length > 0) return { [FIELDS[kind]]: rows.map(({ id }) => id) };
  }
  const [kind = 'group'] = kinds;
  throw unknownId(field, kind === 'set' ? 'address-set' : kind);
}

function named(db: Database, kind: Kind, name: string): Promise<{ id: string }[]> {
  const column = isId(name) ? 'id' : 'name';
  switch (kind) {
    case 'group':
      return db.selectFrom('groups').select('id').where(column, '=', name).execute();
    case 'vm':
      return db.selectFrom('vms').select('id').where(column, '=', name).where('state', '!=', 'gone').execute();
    case 'tenant':
      return db.selectFrom('tenants').select('id').where(column, '=', name).execute();
    case 'set':
      return db.selectFrom('address_sets').select('id').where(column, '=', name).execute();
  }
}

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const SERVICE =
  /^(?:(tcp|udp|sctp)(?:\/(\d{1,5}(?:-\d{1,5})?))?|(icmp|icmpv6)(?:\/(\d{1,3})(?:\/(\d{1,3}))?)?|ip\/(\d{1,3}))$/;

/**
 * `tcp`, `tcp/22`, `udp/5000-5010`, `icmp/8/0`, `ip/47`.
 * @throws ApiFailure `invalid-request` with `invalid` for `service`
 */
export function readService(text: string): Service {
  const [, ported, ports, icmp, type, code, number] = SERVICE.exec(text) ?? [];
  const service = Service.safeParse(
    ported !== undefined
      ? { protocol: ported, ports: ports === undefined ? [] : [ports] }
      : icmp !== undefined
        ? { protocol: icmp, type: numberOf(type), code: numberOf(code) }
        : { protocol: 'ip', number: numberOf(number) },
  );
  if (!service.success) throw badField('service', { code: 'invalid', params: {} });
  return service.data;
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
