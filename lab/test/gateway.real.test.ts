import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GatewayState } from '@hypervigil/contract';
import { type BuiltImage, buildGateway } from '@hypervigil/gateway';
import { SYNTHETIC_RULES } from '@hypervigil/model';
import { locateLab } from '../src/index.ts';
import { policyOf } from './support/gateway-policy.ts';
import { ENDS, type GatewayWire, startGatewayWire } from './support/gateway-wire.ts';

const WEB = { num: 100, services: [{ protocol: 'tcp' as const, ports: ['80'] }] };
const MAX_IMAGE_BYTES = 90_000_000;

const httpServer = (ports: readonly number[]) =>
  `const {createServer} = require('node:http'); let left = ${ports.length};
   for (const port of ${JSON.stringify(ports)})
     createServer((ask, answer) => answer.end(ask.url)).listen(port, '::', () => --left || console.log('up'));`;

const FETCH = `const [, url, ms] = process.argv;
  fetch(url, { signal: AbortSignal.timeout(Number(ms)) }).then(async (answer) => console.log(await answer.text()), () => process.exit(1));`;

describe('a gateway VM between two networks', () => {
  let image: BuiltImage;
  let wire: GatewayWire;
  before(
    async () => {
      const { cacheDir } = locateLab();
      image = await buildGateway({ cacheDir, keyFile: join(cacheDir, 'gateway-builder.pem') });
      wire = await startGatewayWire(image, { accelerator: 'tcg' });
      const server = wire.start('right', [process.execPath, '-e', httpServer([80, 81])]);
      await once(server.stdout!, 'data');
    },
    { timeout: 600_000 },
  );
  after(() => wire?.stop());

  const { ipv4, ipv6 } = ENDS.right;
  const get = (url: string, seconds = 60) =>
    wire.at('left', [process.execPath, '-e', FETCH, url, String(seconds * 1000)]);
  const pings = async () => (await wire.at('left', ['ping', '-c', '1', '-W', '2', ipv4])).code === 0;
  /** A fresh state, asked for now. */
  async function state(): Promise<GatewayState> {
    const id = crypto.randomUUID();
    await wire.send({ type: 'probe', id });
    return (await wire.message('state', ({ probe }) => probe === id)).state;
  }
  const counted = ({ counters }: GatewayState, rule: number) => counters.find((c) => c.rule === rule)?.packets ?? 0;
  async function apply(policy: ReturnType<typeof policyOf>) {
    const from = wire.messages.length;
    await wire.send({ type: 'policy', policy });
    return wire.message('applied', ({ revision }) => revision === policy.revision, from);
  }

  test('it is small, says what it is, and passes nothing before it has rules', async (t) => {
    const { kernel, initramfs, build } = image.manifest;
    const bytes = kernel.size + initramfs.size;
    t.diagnostic(`image ${(bytes / 1e6).toFixed(1)} MB, ready ${Math.round(wire.bootMs)} ms after power-on`);
    assert.ok(bytes <= MAX_IMAGE_BYTES, `${bytes} bytes`);
    const ready = await wire.message('ready');
    assert.equal(ready.build, build);
    assert.equal(ready.kernel, kernel.version);
    assert.deepEqual(
      ready.interfaces.map(({ role }) => role),
      ['left', 'right', 'mirror'],
    );
    assert.equal(await pings(), false);
  });

  test('what a rule allows passes in IPv4 and IPv6; the rest is dropped, and counted for the rule that decided', async () => {
    assert.equal((await apply(policyOf(1, [WEB]))).error, null);
    assert.equal((await get(`http://${ipv4}/four`)).stdout, '/four\n');
    assert.equal((await get(`http://[${ipv6}]/six`)).stdout, '/six\n');
    assert.notEqual((await get(`http://${ipv4}:81/`, 2)).code, 0);
    assert.equal(await pings(), false);
    const now = await state();
    assert.equal(now.revision, 1);
    assert.ok(counted(now, WEB.num) >= 2, 'two connections were judged by the rule');
    assert.ok(counted(now, SYNTHETIC_RULES['default-deny']) >= 2, 'the denied port and the ping');
  });
});
