import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ALERT_CODES,
  ERROR_STATUS,
  type FieldMistake,
  FORMATS,
  KINDS,
  type ProblemCode,
  SEVERITY_REASONS,
} from '@hypervigil/model';
import type { z } from 'zod';
import {
  alertText,
  api,
  type Endpoint,
  errorText,
  languageOf,
  mistakesOf,
  problemOf,
  taskErrorText,
} from '../src/index.ts';
import { en } from '../src/words/en.ts';
import { zh } from '../src/words/zh.ts';

const HAN = /\p{Script=Han}/u;
/** A value for every parameter that any sentence has. */
const PARAMS = {
  what: 'vm',
  by: 'vnic',
  id: 'x',
  current: 3,
  action: 'start',
  state: 'running',
  kind: 'vm.start',
  task: 'x',
  address: '10.0.0.1',
  vm: 'web1',
  set: 'blocked',
  field: 'name',
  policy: 'base',
  rule: 'web',
  problem: 'unresolved',
  location: '/x',
  status: 404,
  encoding: 'gzip',
  line: 7,
  column: 'ip',
  seconds: 60,
  host: 'h1',
  expected: 'string',
  format: 'cidr',
  values: 'a, b',
  close: 'c, d',
  minimum: 1,
  alerts: 50,
  vms: 16,
  maximum: 2,
  protocol: 'icmp',
  name: 'web',
  others: 'web',
  port: 22,
  from: 'web1 (10.0.0.1)',
  to: 'db1 (10.0.0.2)',
  service: 'tcp/22',
  assertion: 'a',
  count: 2,
  mib: 64,
  reason: '1',
  at: 3,
  days: 30,
  since: '2026-11-01',
  wanted: 'value',
  found: 'x',
  known: 'a, b',
  thing: 'vm',
  path: 'a → b → a',
  denial: 'other-tenant',
  required: 2,
  given: 1,
  step: 'close',
  stage: 'closed',
  owner: 'tenant',
};
const sentences = (table: object) =>
  Object.entries(table as Record<string, (params: typeof PARAMS) => string>).map(
    ([code, say]) => [code, say(PARAMS)] as const,
  );

describe('the words of codes', () => {
  it('are there in both languages, one sentence for every code', () => {
    for (const part of [
      'errors',
      'problems',
      'firewall',
      'findings',
      'violations',
      'feeds',
      'leftOut',
      'tasks',
      'denials',
      'flowFields',
    ] as const)
      assert.deepEqual(Object.keys(zh[part]).sort(), Object.keys(en[part]).sort());
    assert.deepEqual(Object.keys(en.errors).sort(), Object.keys(ERROR_STATUS).sort());
  });

  it('are whole sentences without a hole, in their own language', () => {
    for (const [words, end] of [
      [en, /[.]$/],
      [zh, /[。）]$/],
    ] as const)
      for (const [code, sentence] of [
        words.errors,
        words.problems,
        words.firewall,
        words.findings,
        words.violations,
        words.feeds,
        words.leftOut,
        words.tasks,
      ].flatMap(sentences)) {
        assert.match(sentence, end, code);
        assert.doesNotMatch(sentence, /undefined|[!！]/, code);
        assert.equal(HAN.test(sentence), words === zh, code);
      }
  });

  it('keep Chinese punctuation, and a space between Chinese and Latin words', () => {
    for (const [code, sentence] of [
      zh.errors,
      zh.problems,
      zh.firewall,
      zh.findings,
      zh.feeds,
      zh.leftOut,
      zh.tasks,
    ].flatMap(sentences)) {
      assert.doesNotMatch(sentence, /\p{Script=Han}[,.;:?]/u, code);
      assert.doesNotMatch(sentence, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u, code);
    }
  });

  it('say of every alert what it is, what was expected and seen, and why it is so severe', () => {
    const facts = { percent: 20, perMinute: 3, perSecond: 50, failed: 12, answered: 1, hosts: 1, seconds: 9 };
    const more = { attempts: 31, port: 22, kind: 'tcp', total: 900, tries: 7, ip: '10.0.0.9', what: 'Tor', flows: 3 };
    const listed = { set: 'abuse', source: 'https://feeds.example/list', hours: 3, allowed: 2, denied: 1 };
    const sent = { calls: 32, period: 60, jitter: 12, bytes: 512, mib: 900, back: 2, hours: 168 };
    const asked = { domain: 'a.example', names: 40, first: 'x.a.example', last: 'y.a.example' };
    const path = { rule: 4711, revision: 8, from: '10.0.0.1', by: 22, to: '10.0.0.3' };
    const met = { what: 'country', value: 'LV', count: 2, days: 8 };
    for (const [language, end] of [
      ['en', /[.]$/],
      ['zh', /[。]$/],
    ] as const)
      for (const code of ALERT_CODES)
        for (const reason of SEVERITY_REASONS) {
          const { title, ...sentences } = alertText(language, {
            code,
            reason,
            expected: { ...facts, ...sent, ...path, ...met, machines: 12 },
            seen: { ...facts, ...more, ...listed, ...sent, ...asked, ...path, ...met, machines: 70 },
          });
          for (const sentence of Object.values(sentences)) {
            assert.match(sentence, end, code);
            assert.doesNotMatch(sentence, /undefined/, code);
          }
          for (const text of [title, ...Object.values(sentences)])
            assert.equal(HAN.test(text), language === 'zh', code);
        }
  });

  it('say every form and kind', () => {
    for (const words of [en, zh]) {
      for (const format of FORMATS) assert.doesNotMatch(words.problems['wrong-format']({ format }), /undefined/);
      for (const expected of KINDS) assert.doesNotMatch(words.problems['wrong-type']({ expected }), /undefined/);
    }
  });

  it('give way to the message of a platform that is newer', () => {
    const newer = { code: 'of-tomorrow', params: {}, message: 'As it came.' };
    assert.equal(errorText('zh', newer as never), 'As it came.');
    assert.equal(taskErrorText('zh', { code: 'toString', message: 'As it came.' }), 'As it came.');
  });

  it('are chosen by what the reader likes best', () => {
    assert.equal(languageOf('zh-CN,zh;q=0.9,en;q=0.8'), 'zh');
    assert.equal(languageOf('en-GB,zh;q=0.5'), 'en');
    assert.equal(languageOf('fr, zh-TW;q=0.3, en;q=0.2'), 'zh');
    assert.equal(languageOf('zh;q=0, en;q=0.1'), 'en');
    assert.equal(languageOf(undefined), 'en');
    assert.equal(languageOf(',;q=,;;zh;q=x'.repeat(10_000)), 'en');
  });
});

describe('what a schema finds wrong', () => {
  const find = (schema: z.ZodType, value: unknown) =>
    mistakesOf(schema.safeParse(value, { reportInput: true }).error!).map(
      (mistake) => `${mistake.field} ${problemOf('en', mistake).message}`,
    );
  const body = (operation: keyof typeof api) => (api[operation] as Endpoint).body!;

  it('has a code and words of ours', () => {
    const network = { name: 'n', vlan: 1, cidrs: [], tenantId: null };
    const wrong = (change: object) => find(body('createNetwork'), { ...network, ...change });
    assert.deepEqual(wrong({ name: undefined }), ['name This field is missing.']);
    assert.deepEqual(wrong({ name: 7 }), ['name This must be text.']);
    assert.deepEqual(wrong({ name: '' }).slice(0, 1), ['name Needs at least 1 character.']);
    assert.deepEqual(wrong({ name: '-x' }), [
      'name This must be a name of letters, digits and . _ - with a letter or digit at both ends.',
    ]);
    assert.deepEqual(wrong({ vlan: 5000 }), ['vlan This must be 4094 or less.']);
    assert.deepEqual(wrong({ vlan: 1.5 }), ['vlan This must be a whole number.']);
    assert.deepEqual(wrong({ cidrs: ['x'] }), [
      'cidrs.0 This must be an address or a block, such as 10.0.0.7, 10.0.0.0/8 or 2001:db8::/32.',
    ]);
    assert.deepEqual(wrong({ colour: 1, shape: 2 }), [
      'colour There is no such field.',
      'shape There is no such field.',
    ]);
    assert.deepEqual(find(body('createTenant'), { name: 'a', intraTenant: 'maybe' }), [
      'intraTenant This must be one of: allow, deny.',
    ]);
    assert.deepEqual(find(body('createTenant'), undefined), [' This field is missing.']);
    const services = (...services: unknown[]) =>
      find(body('updateHostFirewall'), {
        policy: {
          mode: 'observe',
          inbound: 'deny',
          outbound: 'deny',
          rules: [{ direction: 'in', action: 'deny', services }],
        },
        revision: 0,
      });
    assert.match(services('sssh')[0] ?? '', /^policy\.rules\.0\.services\.0 This must be one of: ssh, ping/);
    assert.match(
      services({ protocol: 'tcp', ports: ['x'] })[0] ?? '',
      /services\.0\.ports\.0 This must be a port or a range/,
    );
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, '']));
    assert.deepEqual(find(body('updateVm'), { tags }), ['tags Takes at most 50 entries.']);
    assert.deepEqual(find(body('updateVm'), { tags: { ['k'.repeat(64)]: '' } }), [
      `tags.${'k'.repeat(64)} Takes at most 63 characters.`,
    ]);
  });

  it('is never without a code, whatever the schemas of the API meet', () => {
    const strange: unknown[] = [
      undefined,
      null,
      true,
      1e300,
      -1,
      1.5,
      '',
      '-',
      'x'.repeat(20_000),
      Array(20).fill('::1'),
      [],
      [{}],
      {},
    ];
    const codes = new Set<ProblemCode>();
    const collect = (mistakes: readonly FieldMistake[]) => {
      for (const { code } of mistakes) codes.add(code);
    };
    for (const { params, query, body: bodySchema } of Object.values<Endpoint>(api))
      for (const schema of [params, query, bodySchema]) {
        if (schema === undefined) continue;
        for (const whole of strange) collect(schemaMistakes(schema, whole));
        for (const field of Object.keys((schema as z.ZodObject).shape))
          for (const value of strange) collect(schemaMistakes(schema, { [field]: value }));
      }
    assert.ok(codes.size >= 10, [...codes].join(' '));
    assert.ok(!codes.has('invalid'), 'something is wrong that nobody has words for');
  });

  it('is at most fifty things, from any body', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, '']));
    assert.equal(schemaMistakes(body('createTenant'), many).length, 50);
    assert.equal(schemaMistakes(body('createPolicy'), { rules: Array(10_000).fill(1) }).length, 50);
  });
});

function schemaMistakes(schema: z.ZodType, value: unknown): FieldMistake[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? [] : mistakesOf(parsed.error);
}
