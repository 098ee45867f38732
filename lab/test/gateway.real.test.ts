import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GatewayFlow, GatewayName, GatewaySight, GatewayState } from '@hypervigil/contract';
import { type BuiltImage, buildGateway } from '@hypervigil/gateway';
import { IMAGE_FILES } from '@hypervigil/gateway-link';
import { APPLICATIONS, type IntentBlocks, RISKS, riskNum, SYNTHETIC_RULES } from '@hypervigil/model';
import { udpFrame } from '../src/frames.ts';
import { locateLab, waitFor } from '../src/index.ts';
import { runOk } from '../src/run.ts';
import { policyOf } from '../src/wire/gateway-policy.ts';
import { type GatewayWire, startGatewayWire } from '../src/wire/gateway-wire.ts';
import { ENDS, PATIENCE_MS } from '../src/wire/vm-wire.ts';

const WEB = { num: 100, services: [{ protocol: 'tcp' as const, ports: ['80'] }] };
const MAX_IMAGE_BYTES = 90_000_000;
const FRAMES = join(import.meta.dirname, '../guest/frames.pl');
/** Of what is copied; its length stands in front of it there. */
const MARKER = 'hv-copied';

const httpServer = (ports: readonly number[]) =>
  `const {createServer} = require('node:http'); let left = ${ports.length};
   for (const port of ${JSON.stringify(ports)})
     createServer((ask, answer) => answer.end(ask.url)).listen(port, '::', () => --left || console.log('up'));`;

/** Asks again and again on one connection; says each answer, `silent` when none has come for five seconds, and `reset`. */
const TALK = `const [, host, port, name] = process.argv; let answers = 0, last = Date.now();
  const socket = require('node:net').connect(Number(port), host);
  socket.on('error', ({ code }) => { console.log(code === 'ECONNRESET' ? 'reset' : code); process.exit(1); });
  socket.on('data', () => { last = Date.now(); console.log('answer', ++answers); });
  setInterval(() => {
    socket.write('GET / HTTP/1.1\\r\\nHost: ' + name + '\\r\\n\\r\\n');
    if (Date.now() - last > 5000) { console.log('silent'); process.exit(0); }
  }, 200);`;

/** Answers every question about a name with one address. */
const DNS_SERVER = `const server = require('node:dgram').createSocket('udp6');
  server.on('message', (question, from) => {
    const answer = Buffer.concat([question, Buffer.from('c00c000100010000003c00040a4e0002', 'hex')]);
    answer.writeUInt16BE(0x8180, 2); answer.writeUInt16BE(1, 6);
    server.send(answer, from.port, from.address);
  });
  server.bind(53, '::', () => console.log('up'));`;
const DNS_CLIENT = `const [, server, name] = process.argv; const {Resolver} = require('node:dns').promises;
  const resolver = new Resolver({ timeout: 2000, tries: 20 }); resolver.setServers([server]);
  resolver.resolve4(name).then(console.log, () => process.exit(1));`;

/** Asks for names again and again, all over one port; says each answer. */
const DNS_ASKER = `const [, server, ...names] = process.argv; const socket = require('node:dgram').createSocket('udp4');
  const said = (name) => Buffer.concat(name.split('.').flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]));
  const question = (name) => Buffer.concat([Buffer.from('000101000001000000000000', 'hex'), said(name), Buffer.of(0, 0, 1, 0, 1)]);
  socket.on('message', (answer) => console.log('answer', names.find((name) => answer.includes(said(name)))));
  setInterval(() => names.forEach((name) => socket.send(question(name), 53, server)), 200);`;

/** The greeting of a TLS client, to whoever listens. */
const TLS_CLIENT = `const [, host, name] = process.argv;
  require('node:tls').connect({ host, port: 443, servername: name }).on('error', () => {});
  setTimeout(() => process.exit(0), 60_000);`;
const TCP_SERVER = `require('node:net').createServer((s) => { s.on('error', () => {}); s.resume(); }).listen(443, '::', () => console.log('up'));`;

/** What both ends of SSH say first (RFC 4253, 4.2), and then bytes for as long as it goes on. */
const SSH_SERVER = `require('node:net').createServer((s) => {
  s.on('error', () => {}); s.write('SSH-2.0-OpenSSH_9.2\\r\\n'); s.on('data', () => s.write('more'));
}).listen(2222, '::', () => console.log('up'));`;
const SSH_CLIENT = `const [, host] = process.argv; let answers = 0, last = Date.now();
  const socket = require('node:net').connect(2222, host, () => socket.write('SSH-2.0-OpenSSH_9.2\\r\\n'));
  socket.on('error', ({ code }) => { console.log(code === 'ECONNRESET' ? 'reset' : code); process.exit(1); });
  socket.on('data', () => { last = Date.now(); console.log('answer', ++answers); });
  setInterval(() => {
    socket.write('more');
    if (Date.now() - last > 5000) { console.log('silent'); process.exit(0); }
  }, 200);`;

/** What the library in the image calls applications and risks (ndpi_api.h of 4.2); a number that is no risk has itself for a name. */
const NDPI_NAMES = `import ffi from 'node:ffi';
  const { functions: ndpi } = ffi.dlopen('libndpi.so.4.2', {
    ndpi_init_detection_module: { arguments: ['uint32'], return: 'pointer' },
    ndpi_set_protocol_detection_bitmask2: { arguments: ['pointer', 'pointer'], return: 'void' },
    ndpi_finalize_initialization: { arguments: ['pointer'], return: 'void' },
    ndpi_get_num_supported_protocols: { arguments: ['pointer'], return: 'uint32' },
    ndpi_get_proto_name: { arguments: ['pointer', 'uint16'], return: 'pointer' },
    ndpi_risk2str: { arguments: ['uint32'], return: 'pointer' },
  });
  const module = ndpi.ndpi_init_detection_module(0);
  const all = Buffer.alloc(512, 0xff);
  ndpi.ndpi_set_protocol_detection_bitmask2(module, ffi.getRawPointer(all));
  ndpi.ndpi_finalize_initialization(module);
  const names = (count, of) => Array.from({ length: count }, (_, n) => ffi.toString(of(n)));
  const applications = names(ndpi.ndpi_get_num_supported_protocols(module), (n) => ndpi.ndpi_get_proto_name(module, n));
  const risks = names(63, (n) => ndpi.ndpi_risk2str(n + 1)).filter((name, n) => name !== String(n + 1));
  console.log(JSON.stringify({ applications, risks }));`;

/** Tries until the time is over: what the kernel remembers of an unanswered question for the address fails the first. */
const FETCH = `const [, url, ms] = process.argv;
  const over = AbortSignal.timeout(Number(ms));
  const ask = () => fetch(url, { signal: over }).then(
    async (answer) => console.log(await answer.text()),
    () => over.aborted ? process.exit(1) : setTimeout(ask, 100));
  ask();`;

describe('a gateway VM between two networks', () => {
  let image: BuiltImage;
  let wire: GatewayWire;
  before(
    async () => {
      const { cacheDir } = locateLab();
      image = await buildGateway({ cacheDir, keyFile: join(cacheDir, 'gateway-builder.pem') });
      wire = await startGatewayWire(image, { accelerator: 'tcg' });
      for (const script of [httpServer([80, 81]), DNS_SERVER]) {
        const server = wire.start('right', [process.execPath, '-e', script]);
        await once(server.stdout!, 'data');
      }
    },
    { timeout: 600_000 },
  );
  after(async () => {
    if (process.env['HV_GATEWAY_CONSOLE']) console.error(wire?.console());
    await wire?.stop();
  });

  const { ipv4, ipv6 } = ENDS.right;
  const get = (url: string, seconds = 60) =>
    wire.at('left', [process.execPath, '-e', FETCH, url, String(seconds * 1000)]);
  const pings = async () => (await wire.at('left', ['busybox', 'ping', '-c', '1', '-W', '2', ipv4])).code === 0;
  /** A fresh state, asked for now. */
  async function state(): Promise<GatewayState> {
    const id = crypto.randomUUID();
    await wire.send({ type: 'probe', id });
    return (await wire.message('state', ({ probe }) => probe === id)).state;
  }
  const counted = ({ counters }: GatewayState, rule: number) => counters.find((c) => c.rule === rule)?.packets ?? 0;
  async function tryPolicy(policy: ReturnType<typeof policyOf>) {
    const from = wire.messages.length;
    await wire.send({ type: 'policy', policy });
    return wire.message('applied', ({ revision }) => revision === policy.revision, from);
  }
  const apply = async (policy: ReturnType<typeof policyOf>) =>
    assert.equal((await tryPolicy(policy)).error, null, `policy ${policy.revision}`);

  test('it is small, says what it is, and passes nothing before it has rules', async (t) => {
    const { kernel, initramfs, build } = image.manifest;
    const bytes = kernel.size + initramfs.size;
    t.diagnostic(
      `image ${(bytes / 1e6).toFixed(1)} MB, ready ${Math.round(wire.bootMs)} ms after power-on, ${wire.bootCpuMs} ms of processor`,
    );
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
    await apply(policyOf(1, [WEB]));
    assert.equal((await get(`http://${ipv4}/four`)).stdout, '/four\n');
    assert.equal((await get(`http://[${ipv6}]/six`)).stdout, '/six\n');
    assert.notEqual((await get(`http://${ipv4}:81/`, 2)).code, 0);
    assert.equal(await pings(), false);
    const now = await state();
    assert.equal(now.revision, 1);
    assert.ok(counted(now, WEB.num) >= 2, 'two connections were judged by the rule');
    assert.ok(counted(now, SYNTHETIC_RULES['default-deny']) >= 2, 'the denied port and the ping');
  });

  /** Resolves when the detector sees packets: what passed before, nobody has seen. */
  const detecting = () =>
    waitFor('detector', async () => (await state()).detector === 'running', { timeoutMs: PATIENCE_MS, everyMs: 500 });

  /** Starts a program. */
  async function started(end: 'left' | 'right', script: string, ...args: string[]) {
    const child = wire.start(end, [process.execPath, '-e', script, ...args]);
    let said = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const says = (what: string, times = 1) =>
      waitFor(`${what} (${said.slice(-200)})`, () => said.split(what).length > times, { timeoutMs: PATIENCE_MS });
    const count = (what: string) => said.split(what).length - 1;
    return { says, count, end: () => child.kill('SIGKILL') };
  }

  test('a withdrawn rule ends the connections that it had allowed, in both directions', async () => {
    await apply(policyOf(2, [WEB]));
    const talk = await started('left', TALK, ipv4, '80', 'shop.example');
    await talk.says('answer', 3);
    await apply(policyOf(3, [{ ...WEB, num: 101 }]));
    const before = talk.count('answer');
    await talk.says('answer', before + 3);
    await apply(policyOf(4, []));
    await talk.says('silent');
  });

  test('a policy that cannot be carried out leaves the last one in force, and the gateway says why', async () => {
    await apply(policyOf(5, [WEB]));
    const { error, kept } = await tryPolicy(policyOf(6, [], { mtu: 9000 }));
    assert.equal(error?.fault, 'mtu');
    assert.equal(kept, 5);
    assert.equal((await get(`http://${ipv4}/kept`)).stdout, '/kept\n');
    const from = wire.messages.length;
    await wire.send({ type: 'policy', policy: { nonsense: true } } as never);
    assert.equal((await wire.message('fault', undefined, from)).fault, 'bad-command');
  });

  const flow = async (satisfies: (flow: GatewayFlow) => boolean) => {
    const log = await wire.message('log', ({ flows }) => flows.some(satisfies));
    await wire.send({ type: 'log.stored', batch: log.batch });
    return log.flows.find(satisfies)!;
  };

  test('what is denied is logged as a flow, with its rule', async () => {
    await apply(policyOf(7, [WEB], { detect: true }));
    await detecting();
    await get(`http://${ipv4}/flow`);
    await get(`http://${ipv4}:81/`, 2);
    const denied = await flow(({ dstPort, revision }) => dstPort === 81 && revision === 7);
    assert.deepEqual(
      [denied.rule, denied.verdict, denied.srcIp, denied.dstIp, denied.net],
      [SYNTHETIC_RULES['default-deny'], 'deny', ENDS.left.ipv4, ipv4, 1],
    );
  });

  test('names of DNS, TLS and HTTP are logged, and an application is recognised', async () => {
    const services = [
      { protocol: 'tcp' as const, ports: ['80', '443'] },
      { protocol: 'udp' as const, ports: ['53'] },
    ];
    await apply(policyOf(8, [{ num: 102, services }], { detect: true }));
    await detecting();
    const from = wire.messages.length;
    await (await started('right', TCP_SERVER)).says('up');
    const name = async (wanted: string) => {
      const log = await wire.message('log', ({ names }) => names.some((n) => n.name === wanted), from);
      return log.names.find((n) => n.name === wanted)!;
    };
    await started('left', DNS_CLIENT, ipv4, 'www.wikipedia.org');
    const asked = await name('www.wikipedia.org');
    assert.deepEqual([asked.kind, asked.details], ['dns', { type: 'A', code: 'NOERROR', answers: '10.78.0.2' }]);
    assert.deepEqual([asked.srcIp, asked.dstPort], [ENDS.left.ipv4, 53]);
    await started('left', TLS_CLIENT, ipv4, 'secret.example.org');
    const tls = await name('secret.example.org');
    assert.equal(tls.kind, 'tls');
    assert.match(tls.details['ja3'] ?? '', /^[0-9a-f]{32}$/);
    const isTls = ({ recognised }: GatewaySight) => recognised.name === 'secret.example.org';
    const { sights } = await wire.message('log', (log) => log.sights.some(isTls), from);
    const sight = sights.find(isTls);
    assert.deepEqual([sight?.dstPort, sight?.recognised.applications[0], sight?.deniedBy], [443, 'TLS', null]);
    await (await started('left', TALK, ipv6, '80', 'six.example.org')).says('answer');
    assert.equal((await name('six.example.org')).kind, 'http');
  });

  /** The rule of the web, with what it blocks. */
  const blocking = (blocks: Partial<IntentBlocks>, ports = ['80']) => ({
    num: 200,
    services: [{ protocol: 'tcp' as const, ports }],
    blocks: { applications: [], names: [], risks: [], ...blocks },
  });
  const endedFor = async (what: string, from: number) => {
    const isEnd = ({ blocked }: GatewaySight) => blocked?.what === what;
    const { sights } = await wire.message('log', (log) => log.sights.some(isEnd), from);
    return sights.find(isEnd)!;
  };

  test('a connection to a blocked name is reset when it is recognised, its neighbour is not, and it stays so under other rules', async () => {
    await apply(policyOf(9, [blocking({ names: ['*.forbidden.example'] })], { detect: true }));
    await detecting();
    const good = await started('left', TALK, ipv4, '80', 'good.example');
    await good.says('answer', 2);
    const from = wire.messages.length;
    const bad = await started('left', TALK, ipv4, '80', 'www.forbidden.example');
    const { deniedBy, blocked } = await endedFor('*.forbidden.example', from);
    assert.deepEqual([deniedBy, blocked?.by], [200, 'name']);
    await bad.says('reset');
    await apply(policyOf(10, [blocking({ names: ['www.forbidden.example'] })], { detect: true }));
    assert.equal((await endedFor('www.forbidden.example', from)).deniedBy, 200);
    await good.says('answer', good.count('answer') + 3);
    good.end();
  });

  test('a question about a blocked name does not get to whoever would answer it; others over the same port do', async () => {
    const services = [{ protocol: 'udp' as const, ports: ['53'] }];
    await apply(policyOf(11, [{ ...blocking({ names: ['*.forbidden.example'] }), services }], { detect: true }));
    await detecting();
    const from = wire.messages.length;
    const asker = await started('left', DNS_ASKER, ipv4, 'www.forbidden.example', 'www.allowed.example');
    await asker.says('answer www.allowed.example', 10);
    assert.equal(asker.count('answer www.forbidden.example'), 0);
    const { srcIp, dstPort, deniedBy, recognised } = await endedFor('*.forbidden.example', from);
    assert.deepEqual([srcIp, dstPort, deniedBy], [ENDS.left.ipv4, 53, 200]);
    assert.deepEqual(recognised, { applications: ['DNS'], name: 'www.forbidden.example', risks: [] });
    const isUnanswered = ({ name, details }: GatewayName) => name === 'www.forbidden.example' && !('code' in details);
    await wire.message('log', ({ names }) => names.some(isUnanswered), from);
    asker.end();
  });

  test('a protocol where another is meant is ended for what it is, or for the risk; rules that block nothing let it pass', async () => {
    await (await started('right', SSH_SERVER)).says('up');
    const risk = 'known-protocol-on-non-standard-port';
    const ways: readonly (readonly [Partial<IntentBlocks>, string])[] = [
      [{ applications: ['SSH'] }, 'SSH'],
      [{ risks: [riskNum(risk)!] }, risk],
    ];
    for (const [n, [blocks, what]] of ways.entries()) {
      await apply(policyOf(12 + n, [blocking(blocks, ['2222'])], { detect: true }));
      const from = wire.messages.length;
      const talk = await started('left', SSH_CLIENT, ipv4);
      await talk.says('reset');
      const { recognised, deniedBy } = await endedFor(what, from);
      assert.deepEqual([recognised.applications[0], deniedBy], ['SSH', 200]);
    }
    await apply(policyOf(14, [blocking({ applications: ['TLS'] }, ['2222'])], { detect: true }));
    const talk = await started('left', SSH_CLIENT, ipv4);
    await talk.says('answer', 10);
    talk.end();
  });

  test('of what a mirror sends it tells the application and the name, ends nothing, and lets nothing on', async () => {
    const lanes = [
      { vlan: null, network: 1 },
      { vlan: 5, network: 2 },
    ];
    await apply(policyOf(15, [WEB], { lanes, copies: true }));
    const passed: string[] = [];
    const watching = (['left', 'right'] as const).map((end) =>
      wire.start(end, ['perl', FRAMES, 'catch', end, '600', MARKER]),
    );
    for (const { stdout } of watching) {
      await once(stdout!, 'data');
      stdout!.on('data', (frame: Buffer) => passed.push(frame.toString()));
    }
    const ends = { source: ENDS.left.ipv4, target: ipv4, sourcePort: 4001, targetPort: 53 };
    // Of which all bytes are ASCII: A of that name, id 1, recursion desired.
    const data = `\0\x01\x01\0\0\x01\0\0\0\0\0\0\x09${MARKER}\x07example\0\0\x01\0\x01`;
    const frame = udpFrame({ from: ENDS.left.mac, to: ENDS.right.mac, vlan: 5 }, { ...ends, data });
    const send = `echo ${frame.toString('hex')} | perl ${FRAMES} send mirror 3 0.1`;
    const from = wire.messages.length;
    const logs = () => wire.messages.slice(from).flatMap((one) => (one.type === 'log' ? [one] : []));
    const sight = await waitFor(
      'what the copies are',
      async () => {
        // Its detector may have begun after the first ones.
        await wire.at('left', ['sh', '-c', send]);
        return logs()
          .flatMap(({ sights }) => sights)
          .find(({ net }) => net === 2);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 500 },
    );
    assert.deepEqual(
      [sight.copied, sight.deniedBy, sight.recognised.applications, sight.srcIp, sight.dstPort],
      [true, null, ['DNS'], ENDS.left.ipv4, 53],
    );
    const log = await wire.message('log', ({ names }) => names.some(({ net }) => net === 2), from);
    assert.equal(log.names.find(({ net }) => net === 2)?.name, `${MARKER}.example`);
    assert.equal((await get(`http://${ipv4}/beside`)).stdout, '/beside\n');
    for (const child of watching) child.kill('SIGKILL');
    assert.deepEqual(passed, []);
  });

  test('what rules can block is what the nDPI in the image calls applications and risks', async () => {
    const scratch = mkdtempSync('/var/tmp/hv-ndpi-');
    const [root, file] = [join(scratch, 'root'), join(scratch, 'root.squashfs')];
    const initramfs = readFileSync(join(image.dir, IMAGE_FILES.initramfs));
    // Behind its name in the archive; its superblock has the size in bytes at 40, and mksquashfs fills up to whole blocks.
    const system = initramfs.subarray(initramfs.indexOf('hsqs', initramfs.indexOf('root.squashfs\0')));
    mkdirSync(root);
    writeFileSync(file, system.subarray(0, Math.ceil(Number(system.readBigUInt64LE(40)) / 4096) * 4096));
    await runOk(['mount', '-t', 'squashfs', '-o', 'loop,ro', file, root]);
    try {
      const node = ['/bin/node', '--disable-warning=ExperimentalWarning', '--input-type=module', '-e', NDPI_NAMES];
      const { applications, risks } = JSON.parse(await runOk(['chroot', root, ...node])) as Record<string, string[]>;
      // What it does not know, and a number that it gives to nothing, are no names.
      const named = applications!.filter((name) => name !== 'Unknown' && name !== 'FREE_64');
      assert.deepEqual(named.toSorted(), APPLICATIONS.toSorted());
      assert.equal(risks!.length, RISKS.length);
      // Its titles of risks are not the names in its interface; these are the same in both.
      for (const name of ['known-protocol-on-non-standard-port', 'unsafe-protocol', 'tls-fatal-alert'])
        assert.equal(risks![RISKS.indexOf(name)]?.toLowerCase().replaceAll(' ', '-'), name);
    } finally {
      await runOk(['umount', root]);
      rmSync(scratch, { recursive: true });
    }
  });

  test('a capture has what passes, no more than was asked for, and ends by itself', async () => {
    await apply(policyOf(20, [WEB]));
    const id = crypto.randomUUID();
    const from = wire.messages.length;
    const filter = { host: ipv4, protocol: 6, port: 80 };
    const bounds = { maxBytes: 6_000, maxSeconds: 120, snapLength: 96 };
    await wire.send({ type: 'capture.start', id, role: 'left', filter, ...bounds });
    const talk = await started('left', TALK, ipv4, '80', 'captured.example');
    const chunksSoFar = () => wire.messages.filter((m) => m.type === 'capture.chunk').filter((m) => m.id === id);
    const taken = async () => {
      await wire.send({ type: 'capture.received', id, chunk: chunksSoFar().length });
      return wire.messages.slice(from).find((m) => m.type === 'capture.end');
    };
    const end = await waitFor('end of the capture', taken, { timeoutMs: PATIENCE_MS, everyMs: 100 });
    talk.end();
    assert.equal(end.id, id);
    assert.equal(end.reason, 'bytes');
    const file = Buffer.concat(chunksSoFar().map(({ data }) => Buffer.from(data, 'base64')));
    assert.equal(file.length, end.bytes);
    assert.ok(file.length <= bounds.maxBytes && file.length > bounds.maxBytes - 96 - 16);
    assert.equal(file.readUInt32LE(0), 0xa1b2c3d4, 'a capture file');
    assert.ok(file.includes(Buffer.from(ipv4.split('.').map(Number))));
  });

  // Last: the kernel forgets a connection up to a minute after it is over.
  test('what was allowed is logged when it is over, with rule and counters', async () => {
    const web = await flow(({ dstPort, revision }) => dstPort === 80 && revision === 7);
    assert.deepEqual([web.rule, web.verdict], [WEB.num, 'allow']);
    assert.ok(web.packets > 3 && web.replyPackets > 3 && web.bytes > 200);
  });
});
