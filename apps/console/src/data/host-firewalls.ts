import type { HostFirewall, HostFirewallPolicy } from '@hypervigil/model';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { platform } from './client.ts';

export type ListedFirewall = Omit<HostFirewall, 'policy'>;

export const hostFirewallsOptions = queryOptions({
  queryKey: ['host-firewalls', 'list'],
  queryFn: async ({ signal }): Promise<readonly ListedFirewall[]> =>
    (await platform.listHostFirewalls({ query: { limit: 1000 } }, { signal })).items,
});

/** In place of a host's id: the policy of every host that has none of its own. */
export const DEFAULT = 'default';

/** What people set for one host or for all; what hosts say of it is there for one host only. */
export type FirewallSetting = Omit<HostFirewall, 'hostId' | 'hostName' | 'inherited' | 'status'> &
  Partial<Pick<HostFirewall, 'hostName' | 'inherited' | 'status'>>;

export const hostFirewallOptions = (id: string) =>
  queryOptions({
    queryKey: ['host-firewalls', id],
    queryFn: ({ signal }): Promise<FirewallSetting> =>
      id === DEFAULT
        ? platform.getHostFirewallDefault(undefined, { signal })
        : platform.getHostFirewall({ params: { id } }, { signal }),
  });

export interface FirewallChange {
  readonly policy: HostFirewallPolicy | null;
  readonly trialSeconds: number;
  readonly revision: number;
}

export const updateFirewall = (id: string, body: FirewallChange): Promise<FirewallSetting> =>
  id === DEFAULT ? platform.updateHostFirewallDefault({ body }) : platform.updateHostFirewall({ params: { id }, body });

export const confirmFirewall = (id: string, revision: number): Promise<FirewallSetting> =>
  id === DEFAULT
    ? platform.confirmHostFirewallDefault({ body: { revision } })
    : platform.confirmHostFirewall({ params: { id }, body: { revision } });

/** A change of a firewall, after which everything that is known of firewalls is read again. */
export function useFirewallChange<I>(change: (input: I) => Promise<FirewallSetting>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: onDone,
    onSettled: () => client.invalidateQueries({ queryKey: ['host-firewalls'] }),
  });
}
