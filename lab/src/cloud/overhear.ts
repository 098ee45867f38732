import { randomBytes } from 'node:crypto';
import type { Client } from '@hypervigil/contract';
import { ANYONE, CaptureBounds, type Id, RULE_DEFAULTS, type Vm } from '@hypervigil/model';
import type { Overheard } from '../attack.ts';
import { waitFor } from '../wait.ts';
import { ACCEPTED, answerTo, person } from './person.ts';

interface Wish {
  /** A VM of the tenant that listens, and one of the tenant that is listened to. */
  readonly own: Vm;
  readonly foreign: Vm;
  /** Sends the foreign VM something with {@link marker} in it. */
  readonly talk: () => Promise<void>;
  readonly marker: string;
}

const WAIT = { timeoutMs: 60_000, everyMs: 500 };
const bounds = CaptureBounds.parse({ seconds: 300 });
/** Outside of every cloud (RFC 5737). */
const COLLECTOR = { kind: 'tunnel', protocol: 'vxlan', collector: '192.0.2.9', key: 7 } as const;

/**
 * Has an administrator of one tenant, and one of the provider, try each way to get copies of what another tenant's VM is
 * sent, while that tenant captures it for itself.
 */
export async function overhear(url: string, admin: Client, { own, foreign, talk, marker }: Wish): Promise<Overheard> {
  const [owner, spy, provider] = [
    await person(url, admin, { duty: 'tenant-admin', tenantId: foreign.tenantId }),
    await person(url, admin, { duty: 'tenant-admin', tenantId: own.tenantId }),
    await person(url, admin, { duty: 'security' }),
  ];
  const made: Id[] = [];
  /** A mirror of all that a VM is sent. */
  const mirror = async (by: Client, tenantId: Id | null, vm: Vm, target: 'capture' | 'collector') => {
    const name = `overhear ${randomBytes(4).toString('hex')}`;
    const body = { name, description: '', tenantId: tenantId!, vmIds: [vm.id], oneIn: 1 };
    const { id } = await by.createMirror({
      body: { ...body, target: target === 'capture' ? { kind: target } : COLLECTOR },
    });
    made.push(id);
    return id;
  };
  try {
    const id = await mirror(owner.client, foreign.tenantId, foreign, 'capture');
    const captureId = (await owner.client.startCapture({ params: { id }, body: bounds })).id;
    const capture = () => admin.getCapture({ params: { id: captureId } });
    const hasCopies = async () => {
      await talk();
      return (await capture()).files.some(({ packets }) => packets > 0);
    };
    await waitFor('the tenant has copies of its own traffic', hasCopies, WAIT);
    // What was copied may have been something else, before the capture took what was said.
    await talk();
    const tries = (by: Client): Record<string, () => Promise<unknown>> => ({
      'a mirror of its own of the VM': () => mirror(by, own.tenantId, foreign, 'collector'),
      "a mirror in the other's name": () => mirror(by, foreign.tenantId, foreign, 'collector'),
      "to lead the other's mirror elsewhere": async () => {
        const { name, description, vmIds, oneIn, revision } = await admin.getMirror({ params: { id } });
        const body = { name, description, vmIds, oneIn, revision, target: COLLECTOR };
        await by.updateMirror({ params: { id }, body });
      },
      "to capture with the other's mirror": () => by.startCapture({ params: { id }, body: bounds }),
    });
    const answers: [string, string][] = [];
    const attempt = async (who: string, ways: Record<string, () => Promise<unknown>>) => {
      for (const [way, call] of Object.entries(ways)) answers.push([`${who}, ${way}`, await answerTo(call)]);
    };
    await attempt('the tenant', {
      ...tries(spy.client),
      "a rule that names the other's mirror": () => ruleWithMirror(spy.client, own.tenantId!, id),
    });
    await attempt('the provider', tries(provider.client));
    await owner.client.stopCapture({ params: { id: captureId } });
    const whole = async () => (await capture()).files.find(({ state, packets }) => state === 'done' && packets > 0);
    const file = await waitFor('the capture is whole', whole, WAIT);
    const read = async (by: Client) => {
      const params = { id: captureId, fileId: file.id };
      return Buffer.from((await by.readCapture({ params, query: {} })).data, 'base64');
    };
    for (const [who, { client }] of Object.entries({ 'the tenant': spy, 'the provider': provider }))
      await attempt(who, { 'to read the capture': () => read(client) });
    return {
      heard: answers.flatMap(([way, answer]) => (answer === ACCEPTED ? [way] : [])),
      control: (await read(owner.client)).includes(marker),
      evidence: answers.map(([way, answer]) => `${way}: ${answer}`).join('; '),
    };
  } finally {
    await admin.listPolicies({ query: { q: POLICY } }).then(async ({ items }) => {
      for (const { id } of items) await admin.deletePolicy({ params: { id } });
    });
    for (const id of made) await admin.deleteMirror({ params: { id } });
    for (const one of [owner, spy, provider]) await one.dismiss();
  }
}

const POLICY = 'Overhear';

function ruleWithMirror(by: Client, tenantId: Id, mirrorId: Id): Promise<unknown> {
  const rule = { ...RULE_DEFAULTS, name: 'Overhear', enabled: true, action: 'allow' as const, log: true };
  const rules = [{ ...rule, from: ANYONE, to: ANYONE, services: [], mirrorId }];
  return by.createPolicy({
    body: { name: POLICY, description: '', tier: 'tenant', tenantId, order: 1, enabled: true, rules },
  });
}
