import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GatewayAlert } from '@hypervigil/contract';
import { type BuiltImage, buildGateway } from '@hypervigil/gateway';
import { udpFrame } from '../src/frames.ts';
import { locateLab, waitFor } from '../src/index.ts';
import { policyOf } from '../src/wire/gateway-policy.ts';
import { type GatewayWire, startGatewayWire } from '../src/wire/gateway-wire.ts';
import { ENDS, PATIENCE_MS } from '../src/wire/vm-wire.ts';

/** The suite of Debian that has Suricata; where it comes from is the machine's own business. */
const SUITE = process.env['HV_SURICATA'];
const FRAMES = join(import.meta.dirname, '../guest/frames.pl');
const MARKER = 'hv-known-attack';
const RULE = `alert udp any any -> any 53 (msg:"A known attack"; content:"${MARKER}"; classtype:attempted-admin; sid:1000001; rev:3;)\n`;
const MAX_IMAGE_BYTES = 90_000_000;

// An image of its own, of packages that have to be fetched: at night alone.
describe('a gateway with Suricata', {
  skip: SUITE === undefined && 'at night: HV_SURICATA names a suite that has it',
}, () => {
  const dir = mkdtempSync('/var/tmp/hv-suricata-');
  let image: BuiltImage;
  let wire: GatewayWire;
  before(
    async () => {
      const { cacheDir } = locateLab();
      const rulesFile = join(dir, 'own.rules');
      writeFileSync(rulesFile, RULE);
      image = await buildGateway({
        ...{ cacheDir, keyFile: join(cacheDir, 'gateway-builder.pem'), publishIn: dir, rulesFile },
        engines: ['suricata'],
        ...(SUITE && { suite: SUITE }),
      });
      // Suricata's libraries need what processors have since 2008 (x86-64-v2).
      wire = await startGatewayWire(image, { accelerator: 'tcg', cpu: 'Nehalem' });
    },
    { timeout: 900_000 },
  );
  after(async () => {
    if (process.env['HV_GATEWAY_CONSOLE']) console.error(wire?.console());
    await wire?.stop();
    rmSync(dir, { recursive: true });
  });

  const alerts = (from: number): GatewayAlert[] =>
    wire.messages.slice(from).flatMap((one) => (one.type === 'log' ? one.alerts : []));
  async function status() {
    const id = crypto.randomUUID();
    await wire.send({ type: 'probe', id });
    return (await wire.message('state', ({ probe }) => probe === id)).state;
  }

  test('it is within bounds, has the rules in its measurement, and looks at nothing before it is told to', async (t) => {
    const { kernel, initramfs, files, packages } = image.manifest;
    const bytes = kernel.size + initramfs.size;
    t.diagnostic(`image ${(bytes / 1e6).toFixed(1)} MB, ready ${Math.round(wire.bootMs)} ms after power-on`);
    t.diagnostic(`Suricata ${packages.find(({ name }) => name === 'suricata')?.version}`);
    assert.ok(bytes <= MAX_IMAGE_BYTES, `${bytes} bytes`);
    assert.ok(files.some(({ path }) => path === 'app/suricata.rules'));
    assert.equal((await status()).signatures, 'off');
  });

  test('of what a mirror sends it tells which signature it knows, on which network, and lets nothing on', async (t) => {
    const lanes = [
      { vlan: null, network: 1 },
      { vlan: 5, network: 2 },
    ];
    await wire.send({ type: 'policy', policy: policyOf(1, [], { lanes, copies: true }) });
    assert.equal((await wire.message('applied')).error, null);
    const ends = { source: ENDS.left.ipv4, target: ENDS.right.ipv4, sourcePort: 4001, targetPort: 53 };
    const frame = udpFrame({ from: ENDS.left.mac, to: ENDS.right.mac, vlan: 5 }, { ...ends, data: MARKER });
    const from = wire.messages.length;
    const alert = await waitFor(
      'an alert',
      async () => {
        await wire.at('left', ['sh', '-c', `echo ${frame.toString('hex')} | perl ${FRAMES} send mirror 1 0.1`]);
        return alerts(from).find(({ id }) => id === 1_000_001);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 500 },
    );
    const { atMs, application: _, ...said } = alert;
    assert.deepEqual(said, {
      ...{ net: 2, protocol: 17, srcIp: ends.source, dstIp: ends.target, srcPort: 4001, dstPort: 53 },
      ...{ id: 1_000_001, revision: 3, message: 'A known attack', severity: 1 },
      category: 'Attempted Administrator Privilege Gain',
    });
    assert.ok(Math.abs(atMs - Date.now()) < 600_000, `${atMs}`);
    const { signatures, detector, memoryKiB } = await status();
    assert.deepEqual([signatures, detector], ['running', 'running']);
    t.diagnostic(`${Math.round(memoryKiB.available / 1024)} MiB of memory are left`);
    assert.equal((await wire.at('left', ['busybox', 'ping', '-c', '1', '-W', '2', ENDS.right.ipv4])).code, 1);
  });
});
