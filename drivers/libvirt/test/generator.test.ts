import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emit } from '../gen/emit.ts';
import { parse } from '../gen/parse.ts';
import * as qemu from '../src/gen/qemu.ts';
import * as remote from '../src/gen/remote.ts';

const SOURCE = `
%#include "internal.h"
const REMOTE_STRING_MAX = 16;
/* A string; not null. */
typedef string remote_nonnull_string<REMOTE_STRING_MAX>;
typedef remote_nonnull_string *remote_string;
typedef opaque remote_uuid[VIR_UUID_BUFLEN];
struct remote_nonnull_domain { remote_nonnull_string name; remote_uuid uuid; int id; };
struct remote_thing_args { remote_nonnull_domain dom; unsigned hyper sizes<REMOTE_STRING_MAX>; unsigned flags; };
struct remote_thing_ret { remote_typed_param params<4>; char model[32]; }; /* insert@1 */
struct remote_thing_happened_msg { remote_string why; };
const REMOTE_PROGRAM = 0x20008086;
const REMOTE_PROTOCOL_VERSION = 1;
enum remote_procedure {
    /**
     * @generate: both
     * @readstream: 1
     */
    REMOTE_PROC_THING = 1,
    /* none */
    REMOTE_PROC_THING_HAPPENED = 2
};
`;

test('a protocol description becomes codecs and procedures', () => {
  const text = emit(
    {
      source: 'x.x',
      target: 'x.ts',
      typePrefix: /^remote_/,
      constPrefix: /^REMOTE_/,
      procedures: {
        enumName: 'remote_procedure',
        prefix: 'REMOTE_PROC_',
        program: 'REMOTE_PROGRAM',
        version: 'REMOTE_PROTOCOL_VERSION',
      },
    },
    parse(SOURCE),
  );
  assert.deepEqual(text.split('\n').slice(5), [
    '',
    'export const nonnullString = string(16);',
    'export const nullableString = optional(nonnullString);',
    'export const nonnullDomain = struct({ name: nonnullString, uuid: uuid, id: int });',
    'export const PROGRAM = 0x20008086;',
    'export const PROTOCOL_VERSION = 1;',
    "export const thing = procedure(PROGRAM, PROTOCOL_VERSION, 1, 'THING', struct({ dom: nonnullDomain, sizes: array(uhyper, 16), flags: uint }), struct({ params: typedParams(4), model: vector(int, 32) }), 'read');",
    "export const thingHappened = event(PROGRAM, PROTOCOL_VERSION, 2, 'THING_HAPPENED', struct({ why: nullableString }));",
    '',
  ]);
});

test('every procedure of the protocol is there under its number', () => {
  const numbers = (module: object) =>
    Object.values(module)
      .flatMap((entry: { number?: number }) => (entry.number === undefined ? [] : [entry.number]))
      .sort((a, b) => a - b);
  assert.deepEqual(
    numbers(remote),
    Array.from({ length: 453 }, (_, index) => index + 1),
  );
  assert.deepEqual(numbers(qemu), [1, 2, 3, 4, 5, 6, 7]);
  assert.equal(remote.domainMigratePerform3Params.number, 305);
  assert.equal(remote.domainOpenConsole.stream, 'read');
});
