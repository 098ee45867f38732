import type { Client } from '@hypervigil/contract';
import { ANYONE, type Peer, type Service } from '@hypervigil/model';

/** The demo's tenants, network, groups and policy: what a provider would have typed. Does nothing the second time. */
export async function seedDemo(client: Client): Promise<void> {
  if ((await client.listTenants({ query: {} })).total > 0) return;
  const acme = await client.createTenant({
    body: { name: 'acme', description: 'Three tiers, each rule written down', intraTenant: 'deny' },
  });
  const globex = await client.createTenant({
    body: { name: 'globex', description: 'Its VMs trust each other', intraTenant: 'allow' },
  });
  await client.createNetwork({
    body: { name: 'prod', vlan: 100, cidrs: ['10.77.0.0/24', 'fd77::/64'], tenantId: null },
  });
  await client.createNetwork({
    body: { name: 'vault', vlan: 200, cidrs: ['10.78.0.0/24', 'fd78::/64'], tenantId: globex.id },
  });
  const tier = async (name: string) =>
    (
      await client.createGroup({
        body: { name: `acme ${name}`, description: '', tenantId: acme.id, vmIds: [], selector: `tier=${name}` },
      })
    ).id;
  const [web, app, db] = [await tier('web'), await tier('app'), await tier('db')];
  const peer = (groupIds: string[] = []): Peer => ({ ...ANYONE, groupIds });
  const tcp = (...ports: string[]): Service => ({ protocol: 'tcp', ports });
  const rule = (name: string, action: 'allow' | 'deny', from: Peer, to: Peer, services: Service[]) => ({
    name,
    enabled: true,
    action,
    from,
    to,
    services,
    log: true,
    comment: '',
  });
  await client.createPolicy({
    body: {
      name: 'Provider baseline',
      description: 'What no tenant may open',
      tier: 'platform',
      tenantId: null,
      order: 10,
      enabled: true,
      rules: [rule('No clear-text administration', 'deny', peer(), peer(), [tcp('21', '23', '512-514')])],
    },
  });
  await client.createPolicy({
    body: {
      name: 'acme three tiers',
      description: 'web → app → db, nothing else',
      tier: 'tenant',
      tenantId: acme.id,
      order: 10,
      enabled: true,
      rules: [
        rule('Web calls the application', 'allow', peer([web]), peer([app]), [tcp('8080')]),
        rule('Application calls the database', 'allow', peer([app]), peer([db]), [tcp('5432')]),
        rule('Names', 'allow', peer([web, app]), peer([db]), [{ protocol: 'udp', ports: ['53'] }]),
        rule('Application calls back', 'allow', peer([app]), peer([web]), [tcp('80')]),
        rule('Ping', 'allow', peer([web, app, db]), peer([web, app, db]), [
          { protocol: 'icmp', type: 8 },
          { protocol: 'icmpv6', type: 128 },
        ]),
      ],
    },
  });
  const { draftRevision } = await client.getPolicyStatus();
  await client.publishPolicy({ body: { draftRevision, comment: 'The demo begins' } });
}
