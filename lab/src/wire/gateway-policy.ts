import type { GatewayPolicy } from '@hypervigil/contract';
import { INTENT_RULE_DEFAULTS, type IntentBlocks, type IntentRule, type Service } from '@hypervigil/model';
import { compileServices } from '@hypervigil/policy';

interface RuleRequest {
  readonly num: number;
  readonly action?: IntentRule['action'];
  readonly services?: readonly Service[];
  /** Of a rule that inspects. */
  readonly blocks?: IntentBlocks;
}

/** A policy for two ends on one untagged network that belong to nobody: what no rule allows is denied. */
export function policyOf(
  revision: number,
  rules: readonly RuleRequest[],
  more: Partial<Pick<GatewayPolicy, 'lanes' | 'mtu' | 'pickup' | 'detect' | 'copies'>> = {},
): GatewayPolicy {
  return {
    revision,
    intent: {
      revision,
      policyRevision: revision,
      networks: [],
      tenants: [],
      vnics: [],
      sets: [],
      staged: [],
      limits: [],
      rules: rules.map(({ num, blocks, action = blocks ? 'inspect' : 'allow', services = [] }, order) => ({
        num,
        key: `rule-${num}`,
        order,
        tier: 'platform',
        tenant: null,
        action,
        from: null,
        to: null,
        services: compileServices(services),
        ...(blocks && { inspect: { group: 1, onFailure: 'closed', blocks } }),
        ...INTENT_RULE_DEFAULTS,
      })),
    },
    lanes: [{ vlan: null, network: 1 }],
    mtu: 1500,
    pickup: false,
    detect: false,
    copies: false,
    ...more,
  };
}
