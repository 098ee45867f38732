import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  CURRENT_IMAGE,
  IMAGE_FILES,
  Manifest,
  manifestText,
  measurementOf,
  releaseText,
  verifyGatewayImage,
} from '@hypervigil/gateway-link';
import fc from 'fast-check';
import { otherSuite } from '../src/image/apt.ts';
import { isElf, neededLibraries, withoutSections } from '../src/image/elf.ts';
import { librariesOf, parsePins, sha256 } from '../src/image/packages.ts';
import { publishImage, writeRelease } from '../src/image/publish.ts';
import { builderKey, publicKeyText, signText } from '../src/image/signature.ts';

const FUZZ = { numRuns: Math.min(Number(process.env['HV_FUZZ'] ?? 20_000), 20_000) };
const dir = mkdtempSync(join(tmpdir(), 'hv-image-'));
after(() => rmSync(dir, { recursive: true }));

test('a program needs what ldd says, and runs without its sections', () => {
  const program = readFileSync('/bin/ls');
  const needed = neededLibraries(program);
  assert.ok(needed.some((name) => /^libc\.so/.test(name)));
  const text = execFileSync('ldd', ['/bin/ls'], { encoding: 'utf8' });
  for (const name of needed) assert.ok(text.includes(name), name);
  const small = withoutSections(program);
  assert.ok(small.length < program.length);
  assert.deepEqual(neededLibraries(small), needed);
  writeFileSync(join(dir, 'ls'), small, { mode: 0o755 });
  assert.match(execFileSync(join(dir, 'ls'), ['/'], { encoding: 'utf8' }), /^etc$/m);
  assert.deepEqual(neededLibraries(Buffer.from('#!/bin/sh\n')), []);
});

test('hostile programs: a typed error at most', () => {
  const head = readFileSync('/bin/ls').subarray(0, 1024);
  const change = fc.tuple(fc.nat(1023), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.nat(1024), (changes, length) => {
      const bytes = Buffer.from(head.subarray(0, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      for (const read of [isElf, neededLibraries, withoutSections]) {
        try {
          read(bytes);
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'GATEWAY_IMAGE');
        }
      }
    }),
    FUZZ,
  );
});

test('of the packages that a program needs the libraries are taken, and what these need', () => {
  const text = `nftables
  Depends: libnftables1
  Depends: dpkg
 |Depends: libedit2
libnftables1
  PreDepends: libc6
  Depends: <libvirtual>
libc6
  Depends: libcrypt1:any
dpkg
  Depends: libzstd1
`;
  assert.deepEqual(librariesOf(['nftables'], text), ['libc6', 'libcrypt1', 'libedit2', 'libnftables1', 'nftables']);
});

test("another suite is asked for where the repositories of this machine's own are", () => {
  const own = [
    'https://mirror.test/debian/ bookworm main',
    'https://mirror.test/debian/ bookworm-updates main',
    'https://security.test/ bookworm-security contrib',
    'https://else.test/ nodistro main',
    'https://else.test/ bookworms main',
  ];
  const lines = otherSuite(own, 'bookworm', 'trixie').map((line) => line.replace(/\[.*?\] /, ''));
  assert.deepEqual(lines, [
    'deb https://mirror.test/debian/ trixie main',
    'deb https://mirror.test/debian/ trixie-updates main',
    'deb https://security.test/ trixie-security contrib',
  ]);
});

test('versions and checksums are read from what apt-cache shows', () => {
  const record = (name: string) =>
    `Package: ${name}\nVersion: 1.0-2\nArchitecture: amd64\nDescription: x\n more\nSHA256: ${'ab'.repeat(32)}\n`;
  const pins = parsePins(`${record('b')}\n${record('a')}\nPackage: local\nVersion: 1\n`);
  assert.deepEqual(
    pins.map(({ name, version }) => `${name} ${version}`),
    ['a 1.0-2', 'b 1.0-2'],
  );
});

/** An image of almost nothing, signed by a builder of its own unless told. */
function tinyImage({ version = '1', keyFile = join(mkdtempSync(join(dir, 'keys-')), 'keys/builder.pem') } = {}) {
  const folder = mkdtempSync(join(dir, 'image-'));
  const key = builderKey(keyFile);
  const put = (name: keyof typeof IMAGE_FILES, text: string) => writeFileSync(join(folder, IMAGE_FILES[name]), text);
  const part = (text: string) => ({ size: text.length, sha256: sha256(text) });
  put('kernel', 'kernel');
  put('initramfs', 'initramfs');
  const manifest = Manifest.parse({
    ...{
      format: 1,
      build: '0123456789abcdef',
      version,
      commandLine: 'quiet',
      packages: [],
      tools: [],
      lacking: [],
      files: [],
    },
    measurement: measurementOf(sha256('kernel'), sha256('initramfs'), 'quiet'),
    kernel: { ...part('kernel'), version: '6.1' },
    initramfs: part('initramfs'),
    node: { version: 'v26', sha256: sha256('node') },
  });
  put('manifest', manifestText(manifest));
  writeRelease(folder, 1, key);
  return { folder, keyFile, key, put, publicKey: publicKeyText(key), manifest };
}

test('an image is used only as its builder signed it', async () => {
  const { folder, put, publicKey, key, keyFile, manifest } = tinyImage();
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
  assert.equal(publicKeyText(builderKey(keyFile)), publicKey, 'the key is made once');
  assert.equal((await verifyGatewayImage(folder, publicKey)).commandLine, 'quiet');

  const refused = (what: string) =>
    assert.rejects(verifyGatewayImage(folder, publicKey), { code: 'GATEWAY_UNTRUSTED' }, what);
  const undo = () => {
    put('kernel', 'kernel');
    put('initramfs', 'initramfs');
    put('manifest', manifestText(manifest));
    writeRelease(folder, 1, key);
  };
  put('kernel', 'Kernel');
  await refused('another kernel');
  undo();
  put('initramfs', 'initramfs ');
  await refused('another initramfs');
  undo();
  put('manifest', manifestText({ ...manifest, commandLine: 'init=/bin/sh' }));
  await refused('another command line');
  writeRelease(folder, 1, key);
  await refused('a measurement that is not its own');
  undo();
  for (const nonsense of ['', 'nonsense', '{}\n', releaseText({ format: 1, number: 2, manifest: '0' }, () => 'AAAA')]) {
    put('release', nonsense);
    await refused('no signature');
  }
  undo();
  const signed = readFileSync(join(folder, IMAGE_FILES.release), 'utf8');
  put('release', signed.replace('"number":1', '"number":9'));
  await refused('another number than was signed');
  put(
    'release',
    releaseText({ format: 2 } as never, (text) => signText(text, key)),
  );
  await refused('a release that nobody understands');
  undo();
  await assert.rejects(verifyGatewayImage(folder, tinyImage().publicKey), { code: 'GATEWAY_UNTRUSTED' });
  rmSync(join(folder, IMAGE_FILES.initramfs));
  await assert.rejects(verifyGatewayImage(folder, publicKey));
});

test('an image that is current again is released anew, and what was verified is no link', async () => {
  const one = tinyImage();
  const other = tinyImage({ version: '2', keyFile: one.keyFile });
  const into = join(dir, 'published');
  const link = join(into, CURRENT_IMAGE.image);
  const current = () => verifyGatewayImage(link, readFileSync(join(into, CURRENT_IMAGE.key), 'utf8'));
  const releases: number[] = [];
  for (const { folder, manifest } of [one, one, other, one]) {
    publishImage(folder, into, one.key);
    const image = await current();
    assert.equal(image.manifest.version, manifest.version);
    assert.equal(image.kernel, join(realpathSync(folder), IMAGE_FILES.kernel));
    releases.push(image.release);
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = releases;
  assert.ok(first === second && second < third && third < fourth, String(releases));
});
