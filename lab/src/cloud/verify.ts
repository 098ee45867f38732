import type { Client } from '@hypervigil/contract';
import type { PolicyHooks } from '../attack.ts';
import { labDown } from '../down.ts';
import { type Lab, labState } from '../lab.ts';
import { liveProtections } from '../protections.ts';
import { type VerifyRow, verify } from '../verify.ts';
import { addressOf } from '../vm/spec.ts';
import { everyHostEnforces } from './engines.ts';
import type { CloudOptions } from './options.ts';
import type { Progress } from './progress.ts';
import { cloudUp, labClient, labOf } from './up.ts';

/** Allows and revokes as a provider's administrator does: a rule in the platform tier, published to every host. */
export function platformPolicy(lab: Lab, client: Client): PolicyHooks {
  const { hosts, vms } = labState(lab);
  let policyId: string | undefined;
  const publish = async () => {
    const { draftRevision } = await client.getPolicyStatus();
    await client.publishPolicy({ body: { draftRevision, comment: '' } });
    await everyHostEnforces(client, hosts.length);
  };
  const peer = (name: string) => ({ groupIds: [], tenantIds: [], cidrs: [addressOf(vms[name]!.spec.ipv4)] });
  return {
    async allow(from, to, port) {
      const rule = {
        name: 'For an attack',
        enabled: true,
        action: 'allow' as const,
        from: peer(from),
        to: peer(to),
        services: [{ protocol: 'tcp' as const, ports: [String(port)] }],
        log: true,
        comment: '',
      };
      const body = {
        name: `Attack on port ${port}`,
        description: '',
        tier: 'platform' as const,
        tenantId: null,
        order: 5,
        enabled: true,
      };
      policyId = (await client.createPolicy({ body: { ...body, rules: [rule] } })).id;
      await publish();
    },
    async revoke() {
      if (policyId !== undefined) await client.deletePolicy({ params: { id: policyId } });
      policyId = undefined;
      await publish();
    },
  };
}

/** A cloud of its own, every attack with the protection off and on, and nothing left behind. */
export async function cloudVerify(
  options: CloudOptions,
  progress: Progress,
  onRow: (row: VerifyRow) => void,
): Promise<boolean> {
  const lab = labOf(options);
  try {
    await cloudUp(options, progress);
    const protections = await liveProtections(lab);
    const policyOn = platformPolicy(lab, labClient(lab));
    const only = options.only.length > 0 ? { only: options.only } : {};
    const rows = await verify({ lab, protections: { ...protections, policyOn }, onRow, ...only });
    return rows.every((row) => row.pass);
  } finally {
    await labDown({ id: options.id, onStep: progress.onStep });
  }
}
