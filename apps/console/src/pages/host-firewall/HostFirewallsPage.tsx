import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { DEFAULT, hostFirewallsOptions, type ListedFirewall } from '../../data/host-firewalls.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { HostIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { May } from '../../ui/May.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useFirewallColumns } from './firewall-columns.tsx';

const NONE: readonly ListedFirewall[] = [];
const idOf = (firewall: ListedFirewall) => firewall.hostId;
const nameOf = (firewall: ListedFirewall) => firewall.hostName;
const textOf = ({ hostName }: ListedFirewall) => [hostName];

/** What protects the hosts themselves? */
export function HostFirewallsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data, isPending, error, refetch } = useQuery(hostFirewallsOptions);
  const firewalls = data ?? NONE;
  const columns = useFirewallColumns();
  const narrowed = useNarrowed(firewalls, textOf);
  const open = (id: string) => void navigate({ to: '/host-firewalls/$id', params: { id } });
  return (
    <PageFrame
      fill
      title={t('hostFirewall.title')}
      subtitle={t('hostFirewall.question')}
      actions={
        <LinkButton to="/host-firewalls/$id" params={{ id: DEFAULT }}>
          {t('hostFirewall.default')}
        </LinkButton>
      }
    >
      <ListFrame
        loading={isPending}
        error={data === undefined ? error : null}
        retry={() => void refetch()}
        empty={
          firewalls.length === 0 && (
            <EmptyTeach
              icon={HostIcon}
              title={t('hosts.empty')}
              help={t('hosts.emptyHelp')}
              action={
                <May permission="host:administer">
                  <LinkButton to="/hosts" search={{ do: 'enrol' }}>
                    {t('hosts.enrol')}
                  </LinkButton>
                </May>
              }
            />
          )
        }
      >
        <EntityTable
          name="host-firewalls"
          label={t('hostFirewall.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="name"
          onActivate={(firewall) => open(firewall.hostId)}
        />
      </ListFrame>
    </PageFrame>
  );
}
