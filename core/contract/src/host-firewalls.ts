import { HostFirewall, HostFirewallDefault, HostFirewallIntent, HostFirewallPolicy, Id } from '@hypervigil/model';
import { z } from 'zod';
import { defineEndpoints } from './endpoint.ts';
import { ListQuery, listOf } from './list.ts';

const params = z.strictObject({ id: Id });
/** Made on this revision; another one in between is a conflict, not a lost update. */
const onRevision = { revision: z.int().min(0) };
const setting = z.strictObject({
  /** Null takes the firewall away. */
  policy: HostFirewallPolicy.nullable(),
  /** How long hosts try the policy before the one before it is back, unless it is confirmed. */
  trialSeconds: HostFirewallIntent.shape.trialSeconds.default(30),
  ...onRevision,
});

export const hostFirewalls = defineEndpoints({
  listHostFirewalls: {
    method: 'GET',
    path: '/api/v1/host-firewalls',
    summary: 'What protects the management side of each host, and what became of its last policy',
    caller: 'person',
    permission: 'host:read',
    query: ListQuery,
    response: listOf(HostFirewall.omit({ policy: true })),
  },
  getHostFirewall: {
    method: 'GET',
    path: '/api/v1/hosts/{id}/firewall',
    summary: 'The firewall of one host: policy, state, counters, listeners that no rule names',
    caller: 'person',
    permission: 'host:read',
    params,
    response: HostFirewall,
  },
  updateHostFirewall: {
    method: 'PUT',
    path: '/api/v1/hosts/{id}/firewall',
    summary: 'Give a host a policy of its own, on trial until it is confirmed',
    caller: 'person',
    permission: 'host:secure',
    params,
    body: setting,
    response: HostFirewall,
  },
  inheritHostFirewall: {
    method: 'POST',
    path: '/api/v1/hosts/{id}/firewall/inherit',
    summary: 'Let a host try the default again',
    caller: 'person',
    permission: 'host:secure',
    params,
    body: z.strictObject(onRevision),
    response: HostFirewall,
  },
  confirmHostFirewall: {
    method: 'POST',
    path: '/api/v1/hosts/{id}/firewall/confirm',
    summary: 'Say that the host can still be reached: its policy on trial is kept',
    caller: 'person',
    permission: 'host:secure',
    params,
    body: z.strictObject(onRevision),
    response: HostFirewall,
  },
  getHostFirewallDefault: {
    method: 'GET',
    path: '/api/v1/host-firewall',
    summary: 'The policy of every host that has none of its own',
    caller: 'person',
    permission: 'host:read',
    response: HostFirewallDefault,
  },
  updateHostFirewallDefault: {
    method: 'PUT',
    path: '/api/v1/host-firewall',
    summary: 'Change the default, on trial at every host that has it until it is confirmed',
    caller: 'person',
    permission: 'host:secure',
    body: setting,
    response: HostFirewallDefault,
  },
  confirmHostFirewallDefault: {
    method: 'POST',
    path: '/api/v1/host-firewall/confirm',
    summary: 'Say that the hosts can still be reached: the default on trial is kept',
    caller: 'person',
    permission: 'host:secure',
    body: z.strictObject(onRevision),
    response: HostFirewallDefault,
  },
});
