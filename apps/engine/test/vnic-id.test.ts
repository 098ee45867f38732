import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidV5, vnicId } from '../src/inventory/vnic-id.ts';

test('a name-based identifier is that of RFC 9562, appendix A.4', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
  assert.equal(uuidV5(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('the virtual port names the vNIC; without one, VM and MAC do, however they are written', () => {
  const vm = '6695eb01-f6a4-8304-79aa-97f2502e193f';
  assert.equal(
    vnicId(vm, '52:54:00:00:00:01', 'ABCDEF01-0000-4000-8000-000000000000'),
    'abcdef01-0000-4000-8000-000000000000',
  );
  assert.equal(vnicId(vm.toUpperCase(), '52:54:00:AA:00:01', undefined), vnicId(vm, '52:54:00:aa:00:01', undefined));
  assert.notEqual(vnicId(vm, '52:54:00:aa:00:02', undefined), vnicId(vm, '52:54:00:aa:00:01', undefined));
});
