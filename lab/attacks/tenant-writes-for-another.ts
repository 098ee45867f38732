import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { httpStatus } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';

export const tenantWritesForAnother: Attack = {
  id: 'tenant-writes-for-another',
  title: "A tenant's administrator writes rules that open another tenant's VM",
  protects: 'tenants write for themselves alone',
  needsPolicy: true,
  async run({ lab, cast: { stranger, victim, httpPort }, policy }) {
    if (!policy)
      throw new LabError('LAB_USAGE', 'The attack tenant-writes-for-another needs somebody who writes policy');
    const address = addressOf(victim.ipv4);
    const control = (await httpStatus(lab, victim.name, address, httpPort)) !== undefined;
    try {
      const answers = await policy.overreach(stranger.name, victim.name, httpPort);
      const status = await httpStatus(lab, stranger.name, address, httpPort);
      return {
        succeeded: status !== undefined,
        control,
        evidence: `${victim.name} gave ${stranger.name} ${status ?? 'no answer'}; ${answers}`,
      };
    } finally {
      await policy.revoke();
    }
  },
};
