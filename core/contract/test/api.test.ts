import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Endpoint, openapi } from '../src/index.ts';

const endpoints = Object.entries(api as Record<string, Endpoint>);

test('no two operations answer the same call', () => {
  const calls = endpoints.map(([, e]) => `${e.method} ${e.path.replace(/\{\w+\}/g, '{}')}`);
  assert.deepEqual(calls.toSorted(), [...new Set(calls)].toSorted());
});

test('every parameter of a path has its schema, and no other', () => {
  for (const [name, endpoint] of endpoints) {
    const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
    assert.deepEqual(inPath, Object.keys(endpoint.params?.shape ?? {}), name);
  }
});

test('a body with an unknown field is refused: nobody wonders why it had no effect', () => {
  for (const [name, endpoint] of endpoints) {
    if (endpoint.body === undefined) continue;
    const issues = endpoint.body.safeParse({ surprise: 1 }).error?.issues ?? [];
    assert.ok(
      issues.some((issue) => issue.code === 'unrecognized_keys'),
      `${name} takes unknown fields`,
    );
  }
});

test('the OpenAPI document has every operation once', () => {
  const { paths } = openapi(api, '1.0.0') as { paths: Record<string, Record<string, { operationId: string }>> };
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
  assert.deepEqual(ids.toSorted(), Object.keys(api).toSorted());
});
