import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { differenceOf, NftError, openNftables } from '../src/index.ts';
import { createTwoHosts, type TwoHosts } from '../src/testing/index.ts';

const TABLE = { family: 'inet', name: 'ours' };
const inTable = { family: 'inet', table: 'ours' };
const chain = { add: { chain: { ...inTable, name: 'input', type: 'filter', hook: 'input', prio: 0 } } };
const rule = (...expr: object[]) => ({ add: { rule: { ...inTable, chain: 'input', expr } } });
const build = [{ add: { table: TABLE } }, chain, rule({ accept: null })];

describe('nft in a network namespace', () => {
  let hosts: TwoHosts;
  before(async () => {
    hosts = await createTwoHosts('hvnft');
  });
  after(() => hosts[Symbol.asyncDispose]());
  const open = () => openNftables({ command: ['ip', 'netns', 'exec', hosts.near.namespace, 'nft'] });

  test('a table that is not there is none; a new one is read back', async () => {
    const nft = open();
    assert.equal(await nft.list(TABLE), undefined);
    await nft.apply(build);
    assert.equal((await nft.list(TABLE))?.objects.length, 3);
    await nft.apply([{ delete: { table: TABLE } }]);
    assert.equal(await nft.list(TABLE), undefined);
  });

  test('a transaction with one mistake changes nothing, and nft says which', async () => {
    const nft = open();
    await nft.apply(build);
    const before = await nft.list(TABLE);
    const mistake = nft.apply([rule({ drop: null }), rule({ goto: { target: 'nowhere' } })]);
    await assert.rejects(mistake, (error) => error instanceof NftError && error.code === 'refused');
    assert.equal(differenceOf(before!, (await nft.list(TABLE))!), undefined);
    await nft.apply([{ delete: { table: TABLE } }]);
  });

  test("somebody else's change shows, and an untouched table does not", async () => {
    const nft = open();
    await nft.apply(build);
    const wanted = (await nft.list(TABLE))!;
    assert.equal(differenceOf(wanted, (await nft.list(TABLE))!), undefined);
    await hosts.near.run('nft', 'insert', 'rule', 'inet', 'ours', 'input', 'tcp', 'dport', '4444', 'accept');
    const difference = differenceOf(wanted, (await nft.list(TABLE))!);
    assert.match(difference?.foreign[0] ?? '', /4444/);
    await nft.apply([{ delete: { table: TABLE } }]);
  });

  test('without nft, the error says what to install', async () => {
    const nft = openNftables({ command: ['no-such-program'] });
    await assert.rejects(nft.apply([]), (error) => error instanceof NftError && error.code === 'missing');
  });

  test('an nft that never ends is given up', async () => {
    const nft = openNftables({ command: ['sh', '-c', 'exec sleep 1000'], timeoutMs: 50 });
    await assert.rejects(nft.list(TABLE), (error) => error instanceof NftError && error.code === 'timeout');
  });
});
