import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { MAX_FEED_BYTES, type ThreatFeed } from '@hypervigil/model';
import { parseBlock } from '@hypervigil/policy';
import { FeedError } from '@hypervigil/threat-feeds';
import { startTestCloud, type TestCloud, until } from '../src/testing/index.ts';
import { fetchFeed } from '../src/threat-sets/fetch.ts';

/** A source on this machine, that answers as the test says. */
interface Source {
  readonly url: string;
  readonly asked: IncomingMessage[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

async function startSource(address = '127.0.0.1'): Promise<Source> {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request);
    source.answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, address, listening));
  const source: Source = {
    url: `http://${address}:${(server.address() as AddressInfo).port}/list.txt`,
    asked,
    answer: (_, response) => response.end('198.51.100.1\n'),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return source;
}

const blocks = (...texts: string[]) => texts.map((text) => parseBlock(text)!);
const codeIs = (code: string) => (error: unknown) => error instanceof FeedError && error.code === code;

describe('what a server may be made to ask', () => {
  let source: Source;
  const allowed = blocks('127.0.0.1');
  before(async () => {
    source = await startSource();
  });
  after(() => source.close());

  it('is nothing that is not on the internet, however it is written', async () => {
    const { port } = new URL(source.url);
    const hosts = ['127.0.0.1', 'localhost', '127.1', '0x7f000001', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '0'];
    const before = source.asked.length;
    for (const host of hosts)
      await assert.rejects(fetchFeed(`http://${host}:${port}/`, { allowed: [] }), codeIs('forbidden-address'), host);
    for (const url of ['http://169.254.169.254/latest/meta-data/', 'http://[fd00:ec2::254]/', 'http://10.0.0.1/'])
      await assert.rejects(fetchFeed(url, { allowed }), codeIs('forbidden-address'), url);
    assert.equal(source.asked.length, before);
  });

  it('is not what a redirect leads to either', async () => {
    const to = (location: string) => {
      source.answer = (_, response) => response.writeHead(302, { location }).end();
    };
    for (const [location, code] of [
      ['http://169.254.169.254/latest/meta-data/', 'forbidden-address'],
      ['http://127.0.0.2/', 'forbidden-address'],
      ['https://127.0.0.1/', 'bad-redirect'],
      ['file:///etc/passwd', 'bad-redirect'],
      ['gopher://127.0.0.1/', 'bad-redirect'],
      ['/again', 'bad-redirect'],
    ] as const) {
      to(location);
      await assert.rejects(fetchFeed(source.url, { allowed }), codeIs(code), location);
    }
    source.answer = (request, response) =>
      request.url === '/list.txt' ? response.writeHead(307, { location: '/new' }).end() : response.end('198.51.100.9');
    assert.equal((await fetchFeed(source.url, { allowed }))?.bytes.toString(), '198.51.100.9');
  });

  it('may take neither long nor much', async () => {
    const chunk = Buffer.alloc(1024 * 1024, '1');
    source.answer = (_, response) => {
      const more = () => {
        while (response.write(chunk));
        response.once('drain', more);
      };
      more();
    };
    await assert.rejects(fetchFeed(source.url, { allowed }), codeIs('too-large'));
    source.answer = (_, response) => response.flushHeaders();
    await assert.rejects(fetchFeed(source.url, { allowed, timeoutMs: 300 }), codeIs('timeout'));
    source.answer = () => undefined;
    await assert.rejects(fetchFeed(source.url, { allowed, timeoutMs: 300 }), codeIs('timeout'));
    source.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    await assert.rejects(fetchFeed(source.url, { allowed }), codeIs('encoded'));
    source.answer = (_, response) => response.writeHead(500).end();
    await assert.rejects(fetchFeed(source.url, { allowed }), codeIs('bad-status'));
    source.answer = (request) => request.socket.destroy();
    await assert.rejects(fetchFeed(source.url, { allowed }), codeIs('unreachable'));
    await assert.rejects(fetchFeed('http://no-such-host.invalid/', { allowed }), codeIs('unresolved'));
  });
});

describe('threat sets', () => {
  let cloud: TestCloud;
  let source: Source;
  before(async () => {
    cloud = await startTestCloud('threat-sets', { threatFeedNetworks: blocks('127.0.0.1') });
    source = await startSource();
  });
  after(async () => {
    await source.close();
    await cloud.stop();
  });
  const feed = (change: Partial<ThreatFeed> = {}): ThreatFeed => ({
    format: 'list',
    csvColumn: null,
    url: source.url,
    everyMinutes: 60,
    ...change,
  });
  const create = (name: string, change: Partial<ThreatFeed> = {}, excluded: string[] = []) =>
    cloud.person.client.createThreatSet({
      body: { name, description: '', tenantId: null, feed: feed(change), excluded },
    });
  const get = (id: string) => cloud.person.client.getThreatSet({ params: { id } });
  const refresh = (id: string) => cloud.person.client.refreshThreatSet({ params: { id } });
  const fetched = (id: string) =>
    until('the feed is fetched', async () => {
      const set = await get(id);
      return set.state.fetchedAt === null ? undefined : set;
    });
  const refused = (code: string) => (error: { body?: { code: string } }) => error.body?.code === code;

  it('are fetched by themselves, with what is known of where the entries come from', async () => {
    source.answer = (_, response) =>
      response.writeHead(200, { etag: '"one"' }).end('198.51.100.0/24\nnonsense\n0.0.0.0/0\n');
    const { id } = await create('known bad', {}, ['198.51.100.7']);
    const set = await fetched(id);
    assert.deepEqual([set.entries, set.excluded, set.blocks.ipv4], [1, 1, 8]);
    assert.deepEqual([set.state.source, set.state.bytes, set.state.problem], [source.url, 35, null]);
    assert.match(set.state.sha256!, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      set.state.leftOut.map(({ reason, examples }) => [reason, examples[0]?.at]),
      [
        ['no-address', '2'],
        ['too-wide', '3'],
      ],
    );
    const entries = await cloud.person.client.listAddressSetEntries({ params: { id }, query: {} });
    assert.deepEqual(entries.items, ['198.51.100.0/24']);
    const minutes = (Date.parse(set.state.nextAt!) - Date.parse(set.state.triedAt!)) / 60_000;
    assert.ok(minutes > 50 && minutes < 70, `next in ${minutes} minutes`);

    source.answer = (request, response) =>
      response.writeHead(request.headers['if-none-match'] === '"one"' ? 304 : 500).end();
    const same = await refresh(id);
    assert.equal(same.state.problem, null);
    assert.equal(same.state.fetchedAt, set.state.fetchedAt);
    assert.ok(same.state.checkedAt! > set.state.checkedAt!);
  });

  it('keep what they have when their source fails, and say so', async () => {
    source.answer = (_, response) => response.end('198.51.100.1\n198.51.100.2\n');
    const { id } = await create('fails later');
    await fetched(id);
    for (const [answer, code] of [
      ['<html>maintenance</html>', 'no-entries'],
      [undefined, 'bad-status'],
    ] as const) {
      source.answer = (_, response) => (answer === undefined ? response.writeHead(503).end() : response.end(answer));
      const { entries, state } = await refresh(id);
      assert.equal(entries, 2);
      assert.equal(state.problem?.code, code);
    }
    const { items } = await cloud.person.client.listAudit({ query: { q: id } });
    assert.ok(items.some(({ action, outcome }) => action === 'threat-set.refreshed' && outcome === 'failed'));
  });

  it('that never had any entries are something to do next', async () => {
    source.answer = (_, response) => response.writeHead(404).end();
    const { id } = await create('never there');
    await until('its first try fails', async () => (await get(id)).state.problem);
    const { advice } = await cloud.person.client.getOverview();
    assert.ok(advice.some(({ code, params }) => code === 'threat-set-empty' && params['set'] === 'never there'));
  });

  it('may be filled from files', async () => {
    const { id } = await create('from a file', { url: null, format: 'csv', csvColumn: 'ip' });
    const upload = (content: string) =>
      cloud.person.client.uploadThreatSet({ params: { id }, body: { fileName: 'list.csv', content } });
    const { state, entries } = await upload('ip,since\n198.51.100.3,2026\n');
    assert.deepEqual([entries, state.source, state.nextAt], [1, 'list.csv', null]);
    await assert.rejects(upload('address\n198.51.100.3\n'), refused('bad-feed'));
    assert.equal((await get(id)).entries, 1);
    await assert.rejects(refresh(id), refused('feed-is-file'));
    const { revision } = await get(id);
    const body = { name: 'from a file', description: '', tenantId: null, revision };
    await assert.rejects(
      cloud.person.client.updateAddressSet({ params: { id }, body: { ...body, entries: [] } }),
      refused('entries-from-feed'),
    );
  });

  it('take files of the largest size, and hide no password in their address', async () => {
    const { id } = await create('large', { url: null });
    const line = '198.51.100.3 # a comment that says nothing at all\n';
    const content = line.repeat(Math.floor(MAX_FEED_BYTES / line.length));
    const { state } = await cloud.person.client.uploadThreatSet({ params: { id }, body: { fileName: 'big', content } });
    assert.equal(state.taken, 1);
    await assert.rejects(create('secret', { url: 'https://me:secret@example.com/' }), refused('invalid-request'));
  });
});
