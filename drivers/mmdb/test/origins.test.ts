import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { MmdbError, openOrigins, originIn } from '../src/index.ts';
import { mmdbOf } from '../src/testing/mmdb.ts';

async function filesWith(t: TestContext, ...contents: readonly Buffer[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hv-mmdb-'));
  t.after(() => rm(folder, { recursive: true }));
  const paths = contents.map((_, n) => join(folder, `${n}.mmdb`));
  await Promise.all(paths.map((path, n) => writeFile(path, contents[n]!)));
  return paths;
}

const COUNTRIES = mmdbOf({
  '198.51.100.0/24': { country: { iso_code: 'DE' } },
  '203.0.113.7/32': { country: { iso_code: 'CN' } },
  '2001:db8::/32': { country: { iso_code: 'JP' } },
});
const SYSTEMS = mmdbOf({
  '198.51.100.0/25': { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Carrier' },
});

test('a country from one file and an autonomous system from another, of both families', async (t) => {
  const origins = await openOrigins(await filesWith(t, COUNTRIES, SYSTEMS));
  assert.deepEqual(origins.of('198.51.100.9'), { country: 'DE', asn: 64_500, organisation: 'Example Carrier' });
  assert.deepEqual(origins.of('198.51.100.200'), { country: 'DE' });
  assert.deepEqual(origins.of('203.0.113.7'), { country: 'CN' });
  assert.deepEqual(origins.of('2001:db8::1'), { country: 'JP' });
  for (const ip of ['203.0.113.8', '2001:db9::1', '', 'no address', '198.51.100.9/24'])
    assert.deepEqual(origins.of(ip), {}, ip);
});

test('reads what IPinfo writes, and leaves out what is neither', () => {
  assert.deepEqual(originIn({ country_code: 'US', asn: 'AS64501', as_name: 'Another' }), {
    ...{ country: 'US', asn: 64_501, organisation: 'Another' },
  });
  assert.deepEqual(originIn({ country: 'US' }), { country: 'US' });
  for (const record of [
    null,
    'US',
    [],
    { country: 'Germany', asn: '64500', as_name: '' },
    { country: { iso_code: 7 } },
  ])
    assert.deepEqual(originIn(record), {});
});

test('a file that was exchanged is read anew; one that broke keeps what it said', async (t) => {
  const [path] = await filesWith(t, COUNTRIES);
  const origins = await openOrigins([path!]);
  assert.deepEqual(origins.of('203.0.113.7'), { country: 'CN' });
  await writeFile(path!, mmdbOf({ '203.0.113.0/24': { country: { iso_code: 'FR' } } }));
  await utimes(path!, 1, 1);
  assert.deepEqual(await origins.refresh(), []);
  assert.deepEqual(origins.of('203.0.113.7'), { country: 'FR' });
  await writeFile(path!, 'no such file format');
  await utimes(path!, 2, 2);
  const [failure] = await origins.refresh();
  assert.equal(failure?.path, path);
  assert.deepEqual(origins.of('203.0.113.7'), { country: 'FR' });
});

test('what is no such file is refused by its path', async (t) => {
  const [path] = await filesWith(t, Buffer.from('no such file format'));
  await assert.rejects(openOrigins([path!]), (error) => error instanceof MmdbError && error.message.includes(path!));
  await assert.rejects(openOrigins(['/nowhere/at-all.mmdb']), MmdbError);
});

test('a damaged file answers something or nothing, and never for long', async (t) => {
  const [path] = await filesWith(t, COUNTRIES);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(COUNTRIES.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (changes) => {
        const damaged = Buffer.from(COUNTRIES);
        for (const [at, octet] of changes) damaged[at] = octet;
        await writeFile(path!, damaged);
        const origins = await openOrigins([path!]).catch((error: unknown) => {
          assert.ok(error instanceof MmdbError);
          return null;
        });
        for (const ip of ['198.51.100.9', '203.0.113.7', '2001:db8::1', '0.0.0.0']) origins?.of(ip);
      },
    ),
    { numRuns: 300 },
  );
});
