import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, type Endpoint } from '@hypervigil/contract';
import { z } from 'zod';
import { NAMES } from '../src/access/references.ts';

/** Of the catalogue, which is the same for everybody. */
const OF_EVERYBODY = ['scheduleId', 'namedServiceIds'];

/** Names of the fields that a request can have, wherever they stand. */
function fieldsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {} } = value as { properties?: object };
  return [...Object.keys(properties), ...Object.values(value).flatMap(fieldsOf)];
}

test('whatever a request names by its id, the guard asks whether the person may read it', () => {
  const named = Object.entries<Endpoint>(api)
    .filter(([, { caller }]) => caller === 'person')
    .flatMap(([operation, { query, body }]) =>
      [query, body]
        .flatMap((schema) => fieldsOf(schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))
        .filter((field) => /Ids?$/.test(field))
        .map((field) => ({ operation, field })),
    );
  assert.ok(named.some(({ field }) => field === 'gatewayId'));
  const unknown = named.filter(({ field }) => !(field in NAMES) && !OF_EVERYBODY.includes(field));
  assert.deepEqual(unknown, []);
});
