import type { HostFirewall, HostFirewallDefault } from '@hypervigil/model';
import { Refused } from './errors.ts';
import { type Handlers, page, type State } from './handlers.ts';

/** A policy that is set is on trial at its host at once; one that is confirmed is kept. */
export function hostFirewallHandlers(state: State): Handlers {
  const { data } = state;
  const told = () => state.events.emit({ kind: 'changed', what: 'host-firewall' });
  const onRevision = (have: number, given: number) => {
    if (have !== given) throw new Refused('stale-revision', { current: have });
  };
  const get = (id: string) => {
    const found = data.firewalls.find(({ hostId }) => hostId === id);
    if (found === undefined) throw new Refused('not-found', { what: 'host', id });
    return found;
  };
  const change = (id: string, given: number, next: (before: HostFirewall) => Partial<HostFirewall>) => {
    const before = get(id);
    onRevision(before.revision, given);
    const after = { ...before, ...next(before) };
    data.firewalls = data.firewalls.map((one) => (one.hostId === id ? after : one));
    told();
    return after;
  };
  const onTrial = (before: HostFirewall, part: Partial<HostFirewall>): Partial<HostFirewall> => ({
    ...part,
    revision: before.revision + 1,
    confirmed: false,
    changedAt: new Date().toISOString(),
    changedBy: 'admin',
    status: before.status && { ...before.status, revision: before.revision + 1, state: 'trial' },
  });
  const changeDefault = (given: number, next: Partial<HostFirewallDefault>) => {
    onRevision(data.firewallDefault.revision, given);
    data.firewallDefault = { ...data.firewallDefault, ...next };
    told();
    return data.firewallDefault;
  };
  return {
    listHostFirewalls: ({ query }) =>
      page(
        data.firewalls.map(({ policy: _, ...firewall }) => firewall),
        query,
      ),
    getHostFirewall: ({ params }) => get(params.id),
    updateHostFirewall: ({ params, body: { revision, ...setting } }) =>
      change(params.id, revision, (before) => onTrial(before, { ...setting, inherited: false })),
    inheritHostFirewall: ({ params, body }) =>
      change(params.id, body.revision, (before) =>
        onTrial(before, { inherited: true, policy: data.firewallDefault.policy }),
      ),
    confirmHostFirewall: ({ params, body }) =>
      change(params.id, body.revision, ({ revision, status }) => ({
        confirmed: true,
        status: status && { ...status, state: 'kept', kept: revision },
      })),
    getHostFirewallDefault: () => data.firewallDefault,
    updateHostFirewallDefault: ({ body: { revision, ...setting } }) =>
      changeDefault(revision, {
        ...setting,
        revision: revision + 1,
        confirmed: false,
        changedAt: new Date().toISOString(),
        changedBy: 'admin',
      }),
    confirmHostFirewallDefault: ({ body }) => changeDefault(body.revision, { confirmed: true }),
  };
}
