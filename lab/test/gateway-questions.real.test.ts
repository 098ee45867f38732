import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildGateway, cpio } from '@hypervigil/gateway';
import type { GatewayImage } from '@hypervigil/gateway-link';
import { udpFrame } from '../src/frames.ts';
import { locateLab, waitFor } from '../src/index.ts';
import { policyOf } from '../src/wire/gateway-policy.ts';
import { type GatewayWire, startGatewayWire } from '../src/wire/gateway-wire.ts';
import { ENDS, PATIENCE_MS } from '../src/wire/vm-wire.ts';

const START = join(import.meta.dirname, '../../apps/gateway/guest/start');
const FRAMES = join(import.meta.dirname, '../guest/frames.pl');
const [GOOD, BAD] = ['www.allowed.example', 'www.forbidden.example'];
/** Probes with these ids are never answered. */
const DIE = '00000000-0000-4000-8000-00000000dead';
const STAND_STILL = '00000000-0000-4000-8000-000000005711';

/** The gateway's program can be told to end, and to stand still until something comes to the mirror vNIC. */
const MORTAL = `import { readFileSync } from 'node:fs';
  const { parse } = JSON;
  const came = () => readFileSync('/sys/class/net/mirror/statistics/rx_packets', 'utf8');
  JSON.parse = (text, ...rest) => {
    if (String(text).includes('${DIE}')) process.exit(9);
    if (String(text).includes('${STAND_STILL}')) {
      console.log('stands still');
      for (const before = came(); came() === before; ) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
    return parse(text, ...rest);
  };`;

/** The same kernel, rules and program, which is only loaded with {@link MORTAL}: what a later archive has takes the place of what an earlier one had. */
function mortal(image: GatewayImage, dir: string): GatewayImage {
  const start = readFileSync(START, 'utf8').replace('/app/gateway.mjs', '--import /app/mortal.mjs /app/gateway.mjs');
  const file = (path: string, data: string) => ({ path, kind: 'file', data: Buffer.from(data), mode: 0o755 }) as const;
  const more = cpio([file('app/start', start), file('app/mortal.mjs', MORTAL)]);
  const initramfs = join(dir, 'initramfs');
  writeFileSync(initramfs, Buffer.concat([readFileSync(image.initramfs), more]));
  return { ...image, initramfs };
}

const MESSAGES = `const said = (name) => Buffer.concat(name.split('.').flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]));
  const question = (name) => Buffer.concat([Buffer.from('000101000001000000000000', 'hex'), said(name), Buffer.of(0, 0, 1, 0, 1)]);
  const answer = (asked) => {
    const all = Buffer.concat([asked, Buffer.from('c00c000100010000003c00040a4e0002', 'hex')]);
    all.writeUInt16BE(0x8180, 2); all.writeUInt16BE(1, 6);
    return all;
  };
  const framed = (message) => Buffer.concat([Buffer.of(message.length >> 8, message.length & 255), message]);`;

/** Answers every question, over UDP and over TCP. */
const SERVER = `${MESSAGES}
  const server = require('node:dgram').createSocket('udp6');
  server.on('message', (asked, from) => server.send(answer(asked), from.port, from.address));
  server.bind(53, '::', () => require('node:net').createServer((socket) => {
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (rest = Buffer.concat([rest, bytes]); rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0); ) {
        const end = 2 + rest.readUInt16BE(0);
        socket.write(framed(answer(rest.subarray(2, end))));
        rest = rest.subarray(end);
      }
    });
  }).listen(53, '::', () => console.log('up')));`;

/** Asks for names again and again, all over one port; says each answer. */
const ASKER = `${MESSAGES} const [, kind, server, ...names] = process.argv; const socket = require('node:dgram').createSocket(kind);
  socket.on('message', (answer) => console.log('answer', names.find((name) => answer.includes(said(name)))));
  setInterval(() => names.forEach((name) => socket.send(question(name), 53, server)), 200);`;

/** Asks for as many names as it is told, some of them each time; says when all went out, and which were answered when one is that is asked last. */
const MANY = `${MESSAGES} const [, server, count] = process.argv; const socket = require('node:dgram').createSocket('udp4');
  const answered = new Set(); let sent = 0;
  socket.on('message', (answer) => {
    const name = /n\\d{4}/.exec(answer.toString('latin1'))?.[0];
    if (name) answered.add(name);
    else { console.log('answered', answered.size, ';'); process.exit(0); }
  });
  const timer = setInterval(() => {
    for (let n = 0; n < 12 && sent < count; n++) socket.send(question('n' + String(sent++).padStart(4, '0') + '.allowed.example'), 53, server);
    if (sent < count) return;
    clearInterval(timer);
    console.log('all sent');
    setInterval(() => socket.send(question('last.allowed.example'), 53, server), 500);
  }, 40);`;

/** Asks over TCP, in as many segments as there are pieces (`4` is where to cut); says what becomes of it. */
const TCP_ASKER = `${MESSAGES} const [, server, cut, ...names] = process.argv; let at = 0;
  const socket = require('node:net').connect({ host: server, port: 53, noDelay: true }, ask);
  function ask() {
    const all = framed(question(names[at]));
    for (const part of cut === '0' ? [all] : [all.subarray(0, cut), all.subarray(cut)]) socket.write(part);
  }
  socket.on('data', () => { console.log('answer', names[at]); if (++at < names.length) ask(); });
  socket.on('error', ({ code }) => { console.log(code === 'ECONNRESET' ? 'reset' : code); process.exit(0); });`;

const ASKED = [
  { protocol: 'udp' as const, ports: ['53'] },
  { protocol: 'tcp' as const, ports: ['53'] },
];
const blocks = { applications: [], names: ['*.forbidden.example'], risks: [] };
/** What is asked in IPv4 is inspected or let past, in IPv6 inspected or ended. */
const rules = [
  { num: 200, services: ASKED, blocks, onFailure: 'open', family: 'ipv4' },
  { num: 201, services: ASKED, blocks, onFailure: 'closed', family: 'ipv6' },
] as const;

describe('questions about names on a gateway', () => {
  const dir = mkdtempSync('/var/tmp/hv-questions-');
  let wire: GatewayWire;
  before(
    async () => {
      const { cacheDir } = locateLab();
      const image = await buildGateway({ cacheDir, keyFile: join(cacheDir, 'gateway-builder.pem') });
      wire = await startGatewayWire(mortal(image, dir), { accelerator: 'tcg' });
      await once(wire.start('right', [process.execPath, '-e', SERVER]).stdout!, 'data');
      await apply(1);
    },
    { timeout: 600_000 },
  );
  after(async () => {
    if (process.env['HV_GATEWAY_CONSOLE']) console.error(wire?.console());
    await wire?.stop();
    rmSync(dir, { recursive: true });
  });

  const { ipv4, ipv6 } = ENDS.right;

  async function apply(revision: number): Promise<void> {
    const from = wire.messages.length;
    await wire.send({ type: 'policy', policy: policyOf(revision, rules) });
    assert.equal((await wire.message('applied', (one) => one.revision === revision, from)).error, null);
  }

  function started(script: string, ...args: string[]) {
    const child = wire.start('left', [process.execPath, '-e', script, ...args]);
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const count = (what: string) => said.split(what).length - 1;
    const says = (what: string, times = 1) =>
      waitFor(`${what} (${said.slice(-200)})`, () => count(what) >= times, { timeoutMs: PATIENCE_MS });
    return { says, count, said: () => said, end: () => child.kill('SIGKILL') };
  }

  const endedFor = (name: string | null, from: number) =>
    wire.message(
      'log',
      ({ sights }) => sights.some((one) => one.deniedBy !== null && one.recognised.name === name),
      from,
    );

  test('over TCP one about a blocked name resets the connection that asked, before anybody answers; others are answered', async () => {
    const from = wire.messages.length;
    for (const address of [ipv4, ipv6]) {
      const asker = started(TCP_ASKER, address, '0', GOOD, GOOD, BAD);
      await asker.says('reset');
      assert.equal(asker.count(`answer ${GOOD}`), 2);
      assert.equal(asker.count(`answer ${BAD}`), 0);
    }
    const { sights } = await endedFor(BAD, from);
    const { protocol, dstPort, deniedBy, blocked } = sights.find((one) => one.recognised.name === BAD)!;
    assert.deepEqual([protocol, dstPort, deniedBy, blocked?.what], [6, 53, 200, '*.forbidden.example']);
  });

  test('one that nobody can read, cut into two segments, meets the failure policy of its rule', async () => {
    const [open, closed] = [ipv4, ipv6].map((address) => started(TCP_ASKER, address, '9', GOOD));
    await open!.says('answer');
    await closed!.says('reset');
    assert.equal(closed!.count('answer'), 0);
    open!.end();
  });

  test('no more are held than the queue has room for, and when somebody reads again all is as before', async (t) => {
    await wire.send({ type: 'probe', id: STAND_STILL });
    await waitFor('a program that stands still', () => wire.console().includes('stands still'), {
      timeoutMs: PATIENCE_MS,
    });
    const many = started(MANY, ipv4, '1500');
    await many.says('all sent');
    assert.equal(many.count('answered'), 0, 'nobody has read any');
    const frame = udpFrame(
      { from: ENDS.left.mac, to: ENDS.right.mac },
      { source: ENDS.left.ipv4, target: ipv4, sourcePort: 9, targetPort: 9, data: 'go on' },
    );
    await wire.at('left', ['sh', '-c', `echo ${frame.toString('hex')} | perl ${FRAMES} send mirror 1 0.1`]);
    await many.says(';');
    const answered = Number(/answered (\d+)/.exec(many.said())?.[1]);
    t.diagnostic(`${answered} of 1500 questions were held`);
    assert.ok(answered > 0 && answered <= 1024, `${answered}`);
    const asker = started(ASKER, 'udp4', ipv4, GOOD, BAD);
    await asker.says(`answer ${GOOD}`, 5);
    assert.equal(asker.count(`answer ${BAD}`), 0);
    asker.end();
  });

  test('while nobody reads them, those of a rule that fails open pass and those of one that fails closed do not', async () => {
    const open = started(ASKER, 'udp4', ipv4, GOOD, BAD);
    const closed = started(ASKER, 'udp6', ipv6, GOOD, BAD);
    for (const asker of [open, closed]) await asker.says(`answer ${GOOD}`, 3);
    assert.deepEqual([open.count(BAD), closed.count(BAD)], [0, 0]);
    await wire.send({ type: 'probe', id: DIE });
    await open.says(`answer ${BAD}`);
    const before = closed.count('answer');
    await open.says(`answer ${BAD}`, open.count(BAD) + 10);
    assert.equal(closed.count('answer'), before);
    assert.match(wire.console(), /the program ended with 9/);
    // It comes again, and is told its policy as by its host.
    const from = wire.messages.length;
    await waitFor(
      'the program to be back',
      async () => {
        await wire.send({ type: 'hello', protocol: 1 });
        return wire.messages.slice(from).some(({ type }) => type === 'ready');
      },
      { timeoutMs: PATIENCE_MS, everyMs: 500 },
    );
    await apply(2);
    const passed = open.count(`answer ${BAD}`);
    await closed.says(`answer ${GOOD}`, closed.count(`answer ${GOOD}`) + 5);
    await open.says(`answer ${GOOD}`, open.count(`answer ${GOOD}`) + 5);
    assert.equal(closed.count(`answer ${BAD}`), 0);
    // At most those that were on their way when the policy came.
    assert.ok(open.count(`answer ${BAD}`) <= passed + 1);
    for (const asker of [open, closed]) asker.end();
  });
});
