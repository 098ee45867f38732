import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLockfile } from '../lockfile.ts';
import { billOfMaterials } from '../sbom.ts';

const lock = readLockfile();

test('the bill of materials names every locked package once, with its licence and checksum', () => {
  const { components, metadata } = billOfMaterials(lock);
  const versions = Object.entries(lock.packages)
    .filter(([path, { link }]) => path !== '' && link !== true)
    .map(([path, { name, version }]) => `${name ?? path.replace(/^.*node_modules\//, '')}@${version}`);
  assert.deepEqual(components.map(({ name, version }) => `${name}@${version}`).sort(), [...new Set(versions)].sort());
  assert.equal(metadata.component.name, 'hypervigil');
  for (const { type, purl, licenses, hashes } of components) {
    assert.match(purl, /^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d/);
    assert.equal(licenses.length, 1, purl);
    if (type === 'library') assert.match(hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/, purl);
  }
});

test('who needs whom is complete: only what nobody needs has nobody who needs it', () => {
  const { components, dependencies } = billOfMaterials(lock);
  const refs = new Set(components.map((component) => component['bom-ref']));
  const needed = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn));
  for (const ref of needed) assert.ok(refs.has(ref), ref);
  const platform = dependencies.find(({ ref }) => ref.includes('platform@'))!;
  assert.ok(platform.dependsOn.some((ref) => ref.startsWith('pkg:npm/fastify@')));
  assert.ok(
    platform.dependsOn.some((ref) => ref.startsWith('pkg:npm/%40hypervigil/contract@')),
    'workspaces too',
  );
});

test('the same lockfile gives the same bytes, another one another serial number', () => {
  const bom = billOfMaterials(lock);
  assert.equal(JSON.stringify(bom), JSON.stringify(billOfMaterials(structuredClone(lock))));
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const other = billOfMaterials({ packages: { '': { name: 'other', version: '1.0.0' } } });
  assert.notEqual(other.serialNumber, bom.serialNumber);
});
