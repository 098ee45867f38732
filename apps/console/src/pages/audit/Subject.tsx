import type { AuditEntry } from '@hypervigil/contract';
import { AUDIT_SUBJECTS, type AuditSubjectKind } from '@hypervigil/model';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { HostLink, VmLink } from '../../ui/links.tsx';
import { useFormat } from '../../ui/use-format.ts';
import type { Things } from './things.ts';

/** Where things of a kind are shown, chosen by `?id=`. */
const PAGES = {
  network: '/networks',
  tenant: '/tenants',
  group: '/groups',
  'address-set': '/address-sets',
  'threat-set': '/address-sets',
  limit: '/limits',
  mirror: '/mirrors',
  schedule: '/schedules',
  service: '/services',
  assertion: '/assertions',
  policy: '/policy',
  'gateway-group': '/gateways',
} as const satisfies Partial<Record<AuditSubjectKind, string>>;

const ANY = '*';
/** As the platform writes the owner of its own draft. */
const PROVIDER = '00000000-0000-0000-0000-000000000000';

interface Props {
  readonly entry: AuditEntry;
  readonly things: Things;
}

/** What an entry is about, by its name and with the way to it: the record holds `network:ID`. */
export function Subject({ entry, things }: Props) {
  const { t } = useTranslation();
  const [, of = '', id = ''] = /^([\w-]+)(?::(.*))?$/.exec(entry.subject) ?? [];
  const kind = AUDIT_SUBJECTS.find((one) => one === of);
  if (kind === undefined) return entry.subject;
  const isOne = id !== '' && id !== ANY;
  return (
    <>
      {isOne ? <span className="hv-muted">{t(`audit.kinds.${kind}`)} </span> : t(`audit.kinds.${kind}`)}
      {isOne && <One kind={kind} id={id} entry={entry} things={things} />}
    </>
  );
}

function One({
  kind,
  id,
  entry: { params },
  things,
}: Props & { readonly kind: AuditSubjectKind; readonly id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const gateways = useCollection('gateways').byId;
  const known = things[kind]?.get(id)?.name;
  // The name of what is gone, and of what has no page, stands in the record.
  const said = [params['name'], params['hostName']].find((name) => typeof name === 'string');
  const vmId = params['vmId'];
  if (kind === 'vm' && known !== undefined) return <VmLink id={id} />;
  if (kind === 'host' && known !== undefined) return <HostLink id={id} />;
  if (kind === 'vnic' && typeof vmId === 'string') return <VmLink id={vmId} />;
  if (kind === 'user') return id;
  if (kind === 'instant') return format.instant(id);
  if (kind === 'revision') return <Link to="/policy/history">{id}</Link>;
  if (kind === 'draft')
    return id === PROVIDER ? t('people.provider') : (things.tenant?.get(id)?.name ?? id.slice(0, 8));
  const groupId = kind === 'gateway' && gateways.get(id)?.groupId;
  const name = known ?? said ?? id.slice(0, 8);
  const page = kind in PAGES ? PAGES[kind as keyof typeof PAGES] : undefined;
  if (groupId)
    return (
      <Link to="/gateways" search={{ id: groupId }}>
        {name}
      </Link>
    );
  if (page === undefined || known === undefined) return name;
  return (
    <Link to={page} search={{ id }}>
      {name}
    </Link>
  );
}
