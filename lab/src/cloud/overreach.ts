import type { Client } from '@hypervigil/contract';
import { type Id, type Peer, RULE_DEFAULTS, type Tier, type Vm } from '@hypervigil/model';
import { answerTo, person } from './person.ts';

/** What one tenant wants of another's VM. */
export interface Wish {
  readonly own: Vm;
  readonly foreign: Vm;
  readonly from: Peer;
  readonly to: Peer;
  readonly port: number;
}

/**
 * Has an administrator of one tenant try each way to write what only another tenant, or the provider, may allow, and publish it.
 * @returns the ways with their answers, and what the draft has of it, for the provider to take out again
 */
export async function overreach(
  url: string,
  admin: Client,
  { own, foreign, from, to, port }: Wish,
): Promise<{ answers: string; left: readonly Id[] }> {
  const services = [{ protocol: 'tcp' as const, ports: [String(port)] }];
  const rule = {
    ...RULE_DEFAULTS,
    name: 'Open',
    enabled: true,
    action: 'allow' as const,
    from,
    to,
    services,
    log: true,
  };
  const policy = (tier: Tier, tenantId: Id | null, name: string, rules = [rule]) => ({
    body: { name, description: '', tier, tenantId, order: 1, enabled: true, rules },
  });
  const before = new Set((await policiesOf(admin)).map(({ id }) => id));
  const theirs = (await policiesOf(admin)).find(({ tenantId }) => tenantId === foreign.tenantId);
  const { client, dismiss } = await person(url, admin, { duty: 'tenant-admin', tenantId: own.tenantId });
  try {
    const ways: Record<string, () => Promise<unknown>> = {
      "a policy of the other's": () => client.createPolicy(policy('tenant', foreign.tenantId, 'Theirs')),
      "a rule in the other's policy": async () =>
        theirs &&
        client.updatePolicy({
          params: { id: theirs.id },
          body: { ...policy('tenant', theirs.tenantId, theirs.name).body, revision: theirs.revision },
        }),
      "a policy of the provider's": () => client.createPolicy(policy('platform', null, 'Provider')),
      'a rule that names the other VM': () =>
        client.createGroup({
          body: { name: 'Both', description: '', tenantId: own.tenantId, vmIds: [foreign.id] },
        }),
      'a policy of its own': () => client.createPolicy(policy('tenant', own.tenantId, 'Own')),
      publish: async () => {
        const { draftRevision } = await client.getPolicyStatus();
        await client.publishPolicy({ body: { draftRevision, comment: '' } });
      },
    };
    const answers: string[] = [];
    for (const [way, call] of Object.entries(ways)) answers.push(`${way}: ${await answerTo(call)}`);
    const left = (await policiesOf(admin)).map(({ id }) => id).filter((id) => !before.has(id));
    return { answers: answers.join(', '), left };
  } finally {
    await dismiss();
  }
}

const policiesOf = async (client: Client) => (await client.listPolicies({ query: { limit: 1000 } })).items;
