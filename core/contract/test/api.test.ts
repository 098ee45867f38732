import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANYONE, RULE_DEFAULTS, type Rule } from '@hypervigil/model';
import { z } from 'zod';
import { api, type Endpoint, mistakesOf, openapi, RuleInput, ruleInput } from '../src/index.ts';

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

test('and so is one anywhere within a body', () => {
  const lax = endpoints.flatMap(([name, { body }]) =>
    objectsIn(body, name).flatMap(([path, object]) => (object.def.catchall instanceof z.ZodNever ? [] : [path])),
  );
  assert.deepEqual(lax, []);
});

function objectsIn(schema: z.core.$ZodType | undefined, path: string): [path: string, object: z.ZodObject][] {
  if (schema instanceof z.ZodObject)
    return [[path, schema], ...Object.entries(schema.shape).flatMap(([key, one]) => objectsIn(one, `${path}.${key}`))];
  if (schema instanceof z.ZodArray) return objectsIn(schema.element, `${path}[]`);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((one) => objectsIn(one, path));
  if (schema instanceof z.ZodPipe) return objectsIn(schema.in, path);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return objectsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return objectsIn(schema.unwrap(), path);
  return [];
}

test('a rule is sent back without the numbers that the platform gave it', () => {
  const link = { groupId: ID, groupNum: 3, onFailure: 'open' as const };
  const inspect = { ...link, next: [{ ...link, groupNum: 4 }] };
  const fields = { name: 'r', enabled: true, action: 'inspect' as const, from: ANYONE, to: ANYONE, services: [] };
  const rule: Rule = { ...RULE_DEFAULTS, ...fields, id: ID, num: 100, inspect };
  const parse = (value: unknown) => RuleInput.safeParse(value, { reportInput: true });
  assert.ok(parse(ruleInput(rule)).success);
  const { error } = parse({ ...ruleInput(rule), inspect });
  assert.deepEqual(
    mistakesOf(error!)
      .map(({ field, code }) => `${field} ${code}`)
      .sort(),
    ['inspect.groupNum unknown-field', 'inspect.next.0.groupNum unknown-field'],
  );
});

const ID = '00000000-0000-4000-8000-000000000001';

test('the OpenAPI document has every operation once', () => {
  const { paths } = openapi(api, '1.0.0') as { paths: Record<string, Record<string, { operationId: string }>> };
  const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
  assert.deepEqual(ids.toSorted(), Object.keys(api).toSorted());
});
