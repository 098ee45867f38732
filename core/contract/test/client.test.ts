import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, api, buildUrl, createClient, type Fetch } from '../src/index.ts';

const answering = (status: number, body: string): { calls: { url: string; init: RequestInit }[]; fetch: Fetch } => {
  const calls: { url: string; init: RequestInit }[] = [];
  return {
    calls,
    fetch: async (url, init) => {
      calls.push({ url, init });
      return new Response(status === 204 ? null : body, { status });
    },
  };
};
const id = '00000000-0000-4000-8000-000000000001';

test('parameters are escaped and undefined fields of the query left out', () => {
  assert.equal(buildUrl(api.getVm, { params: { id: 'a/../b' } }), '/api/v1/vms/a%2F..%2Fb');
  assert.equal(
    buildUrl(api.listVms, { query: { q: 'a&b', limit: 5, cursor: undefined } }),
    '/api/v1/vms?q=a%26b&limit=5',
  );
});

test('a body goes as JSON, an answer without content is undefined', async () => {
  const { calls, fetch } = answering(204, '');
  assert.equal(await createClient(api, fetch).revokeHost({ params: { id } }), undefined);
  assert.equal(calls[0]?.init.method, 'DELETE');
  assert.equal(calls[0]?.init.body, undefined);
});

test('an error keeps its code, problems and request id', async () => {
  const body = { code: 'name-taken', message: 'taken', params: { name: 'x' }, problems: [], requestId: 'r1' };
  await assert.rejects(createClient(api, answering(409, JSON.stringify(body)).fetch).getSession(), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 409);
    assert.deepEqual(error.body, body);
    return true;
  });
});

test('a proxy that answers with a page gives an error with a code all the same', async () => {
  for (const [status, code] of [
    [502, 'internal'],
    [503, 'unavailable'],
  ] as const) {
    await assert.rejects(
      createClient(api, answering(status, '<html>').fetch).getSession(),
      (error) => error instanceof ApiError && error.body.code === code,
    );
  }
});
