import type { Advice } from '@hypervigil/contract';
import type { Host } from '@hypervigil/model';

interface Target {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
}

/** Where a person goes to follow an advice. */
export function adviceLink({ code, params }: Advice, hosts: readonly Host[]): Target {
  switch (code) {
    case 'no-hosts':
      return { to: '/hosts', search: { do: 'enrol' } };
    case 'unprotected-vnics':
      return { to: '/vms', search: { sort: '-protection' } };
    case 'address-conflict':
      return { to: '/vms', search: { q: String(params['address']) } };
    case 'assertion-violated':
      return { to: '/assertions' };
    case 'alerts-severe':
    case 'alerts-new':
      return { to: '/alerts', search: { state: 'new' } };
    case 'notification-failing':
      return { to: '/notifications', search: { q: String(params['route']) } };
    case 'threat-set-old':
    case 'threat-set-empty':
      return { to: '/address-sets', search: { q: String(params['set']) } };
    case 'gateway-down':
    case 'gateway-image':
      return { to: '/gateways', search: { q: String(params['group']) } };
    case 'limit-exceeded':
    case 'rule-limit-exceeded':
    case 'network-limit-exceeded':
      return { to: '/limits' };
    case 'newly-denied':
      return { to: '/policy/observation' };
    case 'draft-unpublished':
      return { to: '/policy' };
    case 'host-offline':
    case 'host-drift':
    case 'apply-failed':
    case 'health':
    case 'inventory-drift': {
      const host = hosts.find(({ name }) => name === params['host']);
      return { to: host === undefined ? '/hosts' : `/hosts/${host.id}` };
    }
  }
}
