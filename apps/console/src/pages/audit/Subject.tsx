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
  exporter: '/exporters',
  notification: '/notifications',
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
  if (id === '' || id === ANY) return t(`audit.kinds.${kind}`);
  return <One kind={kind} id={id} entry={entry} things={things} />;
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
  const { name: called, hostName, num } = params;
  const said = [called, hostName, typeof num === 'number' && String(num)].find((one) => typeof one === 'string');
  const named = (name: string) => (
    <>
      <span className="hv-muted">{t(`audit.kinds.${kind}`)}</span> {name}
    </>
  );
  const vmId = params['vmId'];
  if (kind === 'vnic' && typeof vmId === 'string')
    return <VmLink id={vmId}>{named(things.vm?.get(vmId)?.name ?? vmId.slice(0, 8))}</VmLink>;
  if (kind === 'user') return named(id);
  if (kind === 'instant') return named(format.instant(id));
  if (kind === 'revision') return <Link to="/policy/history">{named(id)}</Link>;
  if (kind === 'draft' && id === PROVIDER) return named(t('people.provider'));
  const name = known ?? (kind === 'draft' ? things.tenant?.get(id)?.name : said) ?? id.slice(0, 8);
  if (known === undefined) return named(name);
  if (kind === 'vm') return <VmLink id={id}>{named(name)}</VmLink>;
  if (kind === 'host') return <HostLink id={id}>{named(name)}</HostLink>;
  // A gateway is shown with its group.
  const shown = kind === 'gateway' ? gateways.get(id)?.groupId : id;
  const page = kind === 'gateway' ? PAGES['gateway-group'] : kind in PAGES && PAGES[kind as keyof typeof PAGES];
  if (!page || shown === undefined) return named(name);
  return (
    <Link to={page} search={{ id: shown }}>
      {named(name)}
    </Link>
  );
}
