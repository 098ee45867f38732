import { type IntentNetwork, type IntentTenant, SYNTHETIC_RULES } from '@hypervigil/model';
import { actions, next, set, setBits } from './actions.ts';
import { cookie, type FlowSpec, flow } from './flow.ts';
import { noBits, UNTAGGED } from './match.ts';
import { FLAG, OBSERVED, OWNER, REG, VERDICT } from './registers.ts';

/** The trunk side of a network. */
export function networkFlows({ num, vlan }: IntentNetwork, uplink: number): FlowSpec[] {
  const owner = cookie('network', num);
  const arrive = [
    setBits(REG.flags, FLAG.trunk),
    set(REG.observed, OBSERVED.ingress),
    set(REG.network, num),
    next('trunk'),
  ];
  const leave = { [REG.flags]: noBits(FLAG.trunk), [REG.network]: num };
  return vlan === null
    ? [
        flow('classify', 90, { in_port: uplink, vlan_tci: UNTAGGED }, actions(...arrive), owner),
        flow('uplink', 10, leave, `output:${uplink}`, owner),
      ]
    : [
        flow('classify', 90, { in_port: uplink, dl_vlan: vlan }, actions('pop_vlan', ...arrive), owner),
        flow('uplink', 10, leave, `push_vlan:0x8100,set_field:${4096 + vlan}->vlan_vid,output:${uplink}`, owner),
      ];
}

/** Copies for everyone: vNICs of one tenant (for a vNIC's multicast), or all (for address resolution from outside). */
export function floodFlows(network: number, tenant: number, ofports: readonly number[]): FlowSpec[] {
  const outputs = ofports.toSorted((a, b) => a - b).map((port) => `output:${port}`);
  const match = { [REG.network]: network, [REG.source]: tenant };
  return [flow('flood', 10, match, actions(...outputs, next('uplink')), cookie('network', network))];
}

/** Who may speak of what: a tenant's rules about itself, and its default. */
export function tenantScopeFlows({ num, intraTenant }: IntentTenant): FlowSpec[] {
  const owner = cookie('tenant', num);
  const ends = [
    [num, num],
    [num, OWNER.outside],
    [OWNER.outside, num],
  ] as const;
  const [ruleNum, verdict] =
    intraTenant === 'allow'
      ? [SYNTHETIC_RULES['same-tenant'], VERDICT.allow]
      : [SYNTHETIC_RULES['default-deny'], VERDICT.deny];
  return [
    ...ends.map(([source, destination]) =>
      flow('scope', 10, { [REG.source]: source, [REG.destination]: destination }, set(REG.scope, num), owner),
    ),
    flow(
      'defaults',
      30,
      { [REG.source]: num, [REG.destination]: num },
      actions(set(REG.rule, ruleNum), set(REG.verdict, verdict)),
      owner,
    ),
  ];
}
