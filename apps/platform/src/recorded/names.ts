import type { Talk } from '@hypervigil/flowstore';
import type { Policy } from '@hypervigil/model';
import type { Decision } from '@hypervigil/policy';
import type { Names } from '../analysis/names.ts';
import { inOrder } from '../policy/draft.ts';
import { iso } from './window.ts';

/** Flow records speak in ids and numbers; answers have the names with them. Later policies win over earlier ones. */
export function namesFor({ vms, networks }: Pick<Names, 'vms' | 'networks'>, policies: readonly Policy[]) {
  const rules = namedRules(policies);
  const end = ({ ip, vmId }: Talk['src']) => ({ ip, vm: vms.get(vmId ?? '') ?? null });
  return {
    judged: ({ verdict, ruleNum }: Pick<Decision, 'verdict' | 'ruleNum'>) => ({
      verdict,
      ruleNum,
      rule: rules.get(ruleNum) ?? null,
    }),
    talk: ({ networkId, src, dst, firstMs, lastMs, ...talk }: Talk) => ({
      network: networks.get(networkId ?? '') ?? null,
      src: end(src),
      dst: end(dst),
      protocol: talk.protocol,
      port: talk.port,
      icmpType: talk.icmpType,
      icmpCode: talk.icmpCode,
      flows: talk.flows,
      bytes: talk.bytes + talk.replyBytes,
      firstAt: iso(firstMs),
      lastAt: iso(lastMs),
    }),
  };
}

/** Rules by number, in the order of decision. */
export const namedRules = (policies: readonly Policy[]) =>
  new Map(
    policies
      .toSorted(inOrder)
      .flatMap(({ id: policyId, name: policy, tier, rules }) =>
        rules.map(({ id, num, name }) => [num, { id, num, name, policyId, policy, tier }] as const),
      ),
  );
