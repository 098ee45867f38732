import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBlock } from '@hypervigil/policy';
import { isForbiddenAddress } from '../src/index.ts';

const FORBIDDEN = [
  '0.0.0.0',
  '10.1.2.3',
  '100.100.100.200',
  '127.0.0.1',
  '127.9.9.9',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:1::',
  '100::1',
  'localhost',
  '',
  '1.2.3',
  '8.8.8.0/24',
];

test('addresses that are not on the internet are forbidden, in whatever way they are written', () => {
  for (const address of FORBIDDEN) assert(isForbiddenAddress(address, []), address);
  for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    assert(!isForbiddenAddress(address, []), address);
});

test('an operator may allow some', () => {
  const allowed = ['10.0.0.0/8', 'fd00::/16'].map((text) => parseBlock(text)!);
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::1'])
    assert(!isForbiddenAddress(address, allowed), address);
  for (const address of ['127.0.0.1', '169.254.169.254', 'fd01::1'])
    assert(isForbiddenAddress(address, allowed), address);
});
