import type { Talk } from '@hypervigil/flowstore';
import type { Policy } from '@hypervigil/model';
import type { Decision } from '@hypervigil/policy';
import type { Database } from '../state/database.ts';
import { iso } from './window.ts';

/** Flow records speak in ids and numbers; answers have the names with them. Later policies win over earlier ones. */
export async function namesFor(db: Database, policies: readonly Policy[]) {
  const named = async (table: 'vms' | 'networks') =>
    new Map((await db.selectFrom(table).select(['id', 'name']).execute()).map((row) => [row.id, row]));
  const [vms, networks] = [await named('vms'), await named('networks')];
  const rules = new Map(
    policies.flatMap(({ id: policyId, name: policy, tier, rules: some }) =>
      some.map(({ id, num, name }) => [num, { id, num, name, policyId, policy, tier }] as const),
    ),
  );
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
