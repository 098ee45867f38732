import type { HostFirewallStatus } from '@hypervigil/model';
import type { HealthFinding } from './health.ts';

/** What became of the last policy, when it is not enforced. A trial is nothing bad. */
export function firewallFinding({ state, problem }: HostFirewallStatus): HealthFinding | undefined {
  if (!problem) return undefined;
  if (state === 'refused') return { code: 'policy-refused', params: problem.params };
  if (state === 'rolled-back') return { code: 'rolled-back', params: problem.params };
  return { code: problem.code, params: problem.params };
}

/** The first of the listeners that the policy does not know, and how many there are. */
export function listenerFinding({ unknown }: HostFirewallStatus): HealthFinding | undefined {
  const [listener] = unknown;
  if (!listener) return undefined;
  const { protocol, address, port, process } = listener;
  return {
    code: 'unknown-listener',
    params: { ...(process !== null && { process }), protocol, address, port, count: unknown.length },
  };
}
