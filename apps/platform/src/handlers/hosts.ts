import * as firewalls from '../host-firewall/firewalls.ts';
import * as enrolment from '../hosts/enrolment.ts';
import { listEnrolments } from '../hosts/enrolments-list.ts';
import * as hosts from '../hosts/hosts.ts';
import * as tasks from '../tasks/tasks.ts';
import type { HandlerDeps, Part } from './deps.ts';

/** Hosts, how they are enrolled, and what their firewalls let in. */
export function hostsHandlers(deps: HandlerDeps) {
  const { db, authority } = deps;
  return {
    listHosts: ({ query }) => hosts.listHosts(db, query),
    getHost: ({ params }) => hosts.getHost(db, params.id),
    syncHost: ({ params, call }) => tasks.syncHost(db, call.actor, params.id),
    async revokeHost({ params, call }) {
      await hosts.revokeHost(db, call.actor, params.id, deps.claims);
      return undefined;
    },
    listHostFirewalls: ({ query }) => firewalls.listHostFirewalls(db, query),
    getHostFirewall: ({ params }) => firewalls.getHostFirewall(db, params.id),
    updateHostFirewall: ({ params, body, call }) => firewalls.setHostFirewall(db, call.actor, params.id, body),
    inheritHostFirewall: ({ params, body, call }) =>
      firewalls.inheritHostFirewall(db, call.actor, params.id, body.revision),
    confirmHostFirewall: ({ params, body, call }) =>
      firewalls.confirmHostFirewall(db, call.actor, params.id, body.revision),
    getHostFirewallDefault: () => firewalls.getDefault(db),
    updateHostFirewallDefault: ({ body, call }) => firewalls.setDefault(db, call.actor, body),
    confirmHostFirewallDefault: ({ body, call }) => firewalls.confirmDefault(db, call.actor, body.revision),
    async createEnrolment({ body, call }) {
      const created = await enrolment.createEnrolment(db, call.actor, body);
      const url = deps.publicUrl();
      const command = `hv engine join --platform ${url} --ca-fingerprint ${authority.fingerprint} --token ${created.token}`;
      return { ...created.enrolment, token: created.token, caFingerprint: authority.fingerprint, url, command };
    },
    listEnrolments: ({ query }) => listEnrolments(db, query),
    async enrol({ body, call }) {
      const joined = await enrolment.enrol(deps, body, { ...call.actor, source: call.source });
      return { ...joined, ca: authority.pem };
    },
    async renewCertificate({ engine, body, call }) {
      const certificate = await enrolment.renew(deps, engine.hostId, body.csr, call.actor);
      return { certificate, ca: authority.pem };
    },
  } satisfies Part;
}
