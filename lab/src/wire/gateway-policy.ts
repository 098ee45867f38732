import type { GatewayPolicy } from '@hypervigil/contract';
import {
  INTENT_RULE_DEFAULTS,
  type IntentBlocks,
  type IntentRule,
  type OnFailure,
  type Service,
} from '@hypervigil/model';
import { compileServices } from '@hypervigil/policy';

interface RuleRequest {
  readonly num: number;
  readonly action?: IntentRule['action'];
  readonly services?: readonly Service[];
  /** Of a rule that inspects. */
  readonly blocks?: IntentBlocks;
  readonly onFailure?: OnFailure;
  /** Of which its services speak; both unless told. */
  readonly family?: 'ipv4' | 'ipv6';
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
      rules: rules.map(({ num, blocks, onFailure = 'closed', family, ...rule }, order) => ({
        num,
        key: `rule-${num}`,
        order,
        tier: 'platform',
        tenant: null,
        action: rule.action ?? (blocks ? 'inspect' : 'allow'),
        from: null,
        to: null,
        services: compileServices(rule.services ?? []).map((one) => ({ ...one, ...(family && { family }) })),
        ...(blocks && { inspect: { group: 1, onFailure, blocks } }),
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
