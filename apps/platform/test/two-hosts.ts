import { after, before } from 'node:test';
import type { EngineMessage } from '@hypervigil/contract';
import {
  type Credentials,
  connectEngine,
  enrol,
  observedVm,
  startTestCloud,
  type TestEngine,
} from '../src/testing/index.ts';

export const inventory = (...vms: ReturnType<typeof observedVm>[]): EngineMessage => ({
  type: 'inventory',
  reason: 'start',
  vms,
  drift: [],
});

/** A VM that says of itself whose it is. */
export const claimed = (n: number, tenant: string, tags: Record<string, string> = {}) => {
  const vm = observedVm(n, { claims: { tenant, tags } });
  return { ...vm, vnics: vm.vnics.map((vnic) => ({ ...vnic, claims: { ...vnic.claims, network: 'prod' } })) };
};

type TestCloud = Awaited<ReturnType<typeof startTestCloud>>;

/** A platform and two enrolled hosts for the tests of a suite; it is there when the first of them begins. */
export function twoHosts(name: string) {
  const cloud = {} as TestCloud & { h1: Credentials; h2: Credentials };
  const open: TestEngine[] = [];
  before(async () => {
    Object.assign(cloud, await startTestCloud(name));
    cloud.h1 = await enrol(cloud.platform, cloud.person, 'h1');
    cloud.h2 = await enrol(cloud.platform, cloud.person, 'h2');
  });
  after(async () => {
    for (const engine of open) engine.close();
    await cloud.stop?.();
  });
  return {
    cloud,
    connect: async (credentials: Credentials, options = {}) => {
      const engine = await connectEngine(cloud.platform, credentials, options);
      open.push(engine);
      return engine;
    },
    vm: (n: number) => cloud.person.client.getVm({ params: { id: observedVm(n).id } }),
    host: (id: string) => cloud.person.client.getHost({ params: { id } }),
  };
}
