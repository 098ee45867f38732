import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  completeFlowQuery,
  FLOW_FIELD_NAMES,
  FLOW_FIELDS,
  FLOW_QUERY_DEPTH,
  FLOW_QUERY_LENGTH,
  FLOW_QUERY_TERMS,
  type FlowCondition,
  type FlowExpression,
  operatorsOf,
  parseFlowQuery,
  quotedInFlowQuery,
  resolveNames,
  TENANT_FLOW_FIELDS,
  timeBounds,
} from '../src/index.ts';

const RUNS = Number(process.env['HV_FUZZ'] ?? 20_000);
const NOW = Date.UTC(2026, 0, 15, 12);

const parsed = (text: string): FlowExpression | null => {
  const found = parseFlowQuery(text, { nowMs: NOW });
  return 'mistake' in found ? assert.fail(`${text}: ${JSON.stringify(found.mistake)}`) : found.expression;
};
const condition = (text: string): FlowCondition => {
  const found = parsed(text);
  return found?.op === 'test' ? found.is : assert.fail(text);
};
const mistake = (text: string, fields = FLOW_FIELD_NAMES): string => {
  const found = parseFlowQuery(text, { nowMs: NOW, fields });
  if (!('mistake' in found)) return assert.fail(`${text} is right`);
  const { code, params } = found.mistake;
  return [code, ...Object.values(params)].join(' · ');
};

test('not binds closest, then and, then or', () => {
  const shape = (one: FlowExpression | null): string => {
    if (one === null) return '';
    if (one.op === 'test') return one.field;
    return one.op === 'not' ? `!${shape(one.of)}` : `(${one.of.map(shape).join(one.op === 'and' ? '&' : '|')})`;
  };
  assert.equal(
    shape(parsed('verdict=deny OR port=1 and not protocol=tcp or rule=1')),
    '(verdict|(port&!protocol)|rule)',
  );
  assert.equal(
    shape(parsed('not (verdict = deny or port != 1) and ip in (10.0.0.1, fd00::/8)')),
    '(!(verdict|!port)&(ip|ip))',
  );
  assert.equal(shape(parsed('port not in (80, 443)')), '!(port|port)');
  assert.equal(parsed('  '), null);
});

test('values are read by their field', () => {
  const [inf, none] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const within = (text: string) => {
    const is = condition(text);
    return is.kind === 'within' ? [is.low, is.high] : assert.fail(text);
  };
  assert.deepEqual(within('bytes > 1MB'), [1_000_001, inf]);
  assert.deepEqual(within('sent.bytes <= 1.5KiB'), [none, 1536]);
  assert.deepEqual(within('duration >= 1.5m'), [90_000, inf]);
  assert.deepEqual(within('port = 8000-8080'), [8000, 8080]);
  assert.deepEqual(within('time > -1h'), [NOW - 3_600_000 + 1, inf]);
  assert.deepEqual(within('time < 2026-01-15T10:30+08:00'), [none, Date.UTC(2026, 0, 15, 2, 30) - 1]);
  assert.deepEqual(within('start >= 2026-01-01'), [Date.UTC(2026, 0, 1), inf]);
  assert.deepEqual(condition('protocol = TCP'), { kind: 'one-of', values: [6] });
  assert.deepEqual(condition('rule = tenant-isolation'), { kind: 'one-of', values: [4] });
  assert.deepEqual(condition('tcp.flags = rst'), { kind: 'one-of', values: [2] });
  assert.deepEqual(condition('risk = clear-text-credentials'), { kind: 'one-of', values: [36] });
  assert.deepEqual(condition('dst.vm = none'), { kind: 'none' });
  assert.deepEqual(condition('name prefix "A \\"b\\\\"'), { kind: 'text', how: 'prefix', text: 'a "b\\' });
  assert.deepEqual(condition('src.ip = 10.0.0.0/8'), {
    kind: 'address',
    low: 0xffff_0a00_0000n,
    high: 0xffff_0aff_ffffn,
  });
  assert.deepEqual(condition('src.tenant = "none"'), { kind: 'named', how: 'equals', name: 'none', at: 14 });
});

test('a mistake says where, what should be there, and which field comes close', () => {
  for (const [text, expected] of [
    ['src.tenat = acme', 'flow-query-field · 1 · src.tenat · src.tenant'],
    ['verdict', 'flow-query-syntax · 8 · operator ·  · =, !=, in'],
    ['verdict ~ deny', 'flow-query-syntax · 9 · operator ·  · =, !=, in'],
    ['verdict > deny', 'flow-query-syntax · 9 · operator-of-field · > · =, !=, in'],
    ['verdict = denied', 'flow-query-syntax · 11 · choice · denied · allow, deny'],
    ['port = 70000', 'flow-query-syntax · 8 · number · 70000 · '],
    ['port = 90-80', 'flow-query-syntax · 8 · number · 90-80 · '],
    ['port > 80-90', 'flow-query-syntax · 8 · number · 80-90 · '],
    ['bytes > 1XB', 'flow-query-syntax · 9 · size · 1XB · '],
    ['time = now', 'flow-query-syntax · 6 · operator-of-field · = · <, <=, >, >='],
    ['time > yesterday', 'flow-query-syntax · 8 · instant · yesterday · '],
    ['time > -99999999999w', 'flow-query-syntax · 8 · instant · -99999999999w · '],
    ['ip = 10.0.0.0/33', 'flow-query-syntax · 6 · address · 10.0.0.0/33 · '],
    ['(port = 1', 'flow-query-syntax · 10 · joint-or-close ·  · '],
    ['port = 1 port = 2', 'flow-query-syntax · 10 · joint · port · '],
    ['port in (1 2)', 'flow-query-syntax · 12 · comma-or-close · 2 · '],
    ['name = "a', 'flow-query-syntax · 8 · end-quote · a · '],
    ['port =', 'flow-query-syntax · 7 · value ·  · '],
    ['signature = trojan', 'flow-query-syntax · 13 · number · trojan · '],
    ['signature > 7', 'flow-query-syntax · 11 · operator-of-field · > · =, !=, in'],
    ['and', 'flow-query-field · 1 · and · '],
    ['port = constructor', 'flow-query-syntax · 8 · number · constructor · '],
  ] as const)
    assert.equal(mistake(text), expected, text);
  assert.match(mistake('host = h1', TENANT_FLOW_FIELDS), /^flow-query-field/);
  assert.match(mistake(`${'('.repeat(FLOW_QUERY_DEPTH + 1)}port = 1`), /^flow-query-too-deep · 18/);
  assert.match(
    mistake(
      `port in (${Array(FLOW_QUERY_TERMS + 1)
        .fill('1')
        .join(',')})`,
    ),
    /^flow-query-too-many/,
  );
  assert.match(mistake('x'.repeat(FLOW_QUERY_LENGTH + 1)), /^too-long/);
});

test('names are looked up, and one of nothing is a mistake at its place', () => {
  const namesOf = () => [
    { name: 'Acme', value: 'A1' },
    { name: 'acme', value: 'a2' },
    { name: 'globex', value: 'g' },
  ];
  const resolved = resolveNames(parsed('tenant = ACME and not tenant prefix glo')!, namesOf);
  assert.deepEqual('expression' in resolved && resolved.expression, {
    op: 'and',
    of: [
      { op: 'test', field: 'tenant', is: { kind: 'one-of', values: ['a1', 'a2'] } },
      { op: 'not', of: { op: 'test', field: 'tenant', is: { kind: 'one-of', values: ['g'] } } },
    ],
  });
  const unknown = resolveNames(parsed('port = 1 and tenant = acne')!, namesOf);
  assert.deepEqual('mistake' in unknown && unknown.mistake, {
    code: 'flow-query-name',
    params: { at: 23, thing: 'tenant', name: 'acne', close: 'Acme, acme' },
  });
});

test('a group stands for the vNICs in it, and none for an end that no group has', () => {
  const namesOf = () => [
    { name: 'web', value: 'g1', members: ['N1', 'n2'] },
    { name: 'db', value: 'g2', members: ['n3'] },
    { name: 'nobody', value: 'g3', members: [] },
  ];
  const resolved = (text: string) => {
    const found = resolveNames(parsed(text)!, namesOf);
    return 'mistake' in found ? found.mistake : found.expression;
  };
  const test = (field: string, ...values: string[]) => ({ op: 'test', field, is: { kind: 'one-of', values } });
  assert.deepEqual(resolved('src.group = WEB'), test('src.group', 'n1', 'n2'));
  assert.deepEqual(resolved('group = g2'), test('group', 'n3'), 'by its id');
  assert.deepEqual(resolved('group = nobody'), test('group'));
  assert.deepEqual(resolved('dst.group = none'), { op: 'not', of: test('dst.group', 'n1', 'n2', 'n3') });
  assert.deepEqual(resolved('group = none'), {
    op: 'or',
    of: ['src.group', 'dst.group'].map((field) => ({ op: 'not', of: test(field, 'n1', 'n2', 'n3') })),
  });
  const foreign = '20000000-0000-4000-8000-000000000009';
  assert.deepEqual(
    resolved(`group = ${foreign}`),
    { code: 'flow-query-name', params: { at: 9, thing: 'group', name: foreign, close: '' } },
    'an id is believed of nobody who does not know the group',
  );
});

test('what is said of the time beside everything else bounds it', () => {
  assert.deepEqual(timeBounds(parsed('time > 2026-01-01 and (port = 1 and time <= 2026-01-02)')), {
    fromMs: Date.UTC(2026, 0, 1) + 1,
    toMs: Date.UTC(2026, 0, 2),
  });
  for (const text of ['', 'port = 1', 'time > -1h or port = 1', 'not time > -1h'])
    assert.deepEqual(timeBounds(parsed(text)), {
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: Number.POSITIVE_INFINITY,
    });
});

test('completion knows what may come next', () => {
  const names = (thing: string) => (thing === 'vm' ? ['web 1', 'db'] : thing === 'group' ? ['dmz'] : []);
  const next = (text: string, cursor = text.length) => {
    const { from, items } = completeFlowQuery(text, cursor, { names });
    return [from, ...items.slice(0, 3).map((one) => one.text)];
  };
  assert.deepEqual(next(''), [0, 'src.ip', 'src.port', 'src.mac']);
  assert.deepEqual(next('verd'), [0, 'verdict']);
  assert.deepEqual(next('verdict '), [8, '=', '!=', 'in']);
  assert.deepEqual(next('verdict = '), [10, 'allow', 'deny', 'none']);
  assert.deepEqual(next('verdict = d and port = 1', 11), [10, 'deny']);
  assert.deepEqual(next('verdict = deny '), [15, 'and', 'or']);
  assert.deepEqual(next('(verdict = deny '), [16, 'and', 'or', ')']);
  assert.deepEqual(next('vm in (web'), [7, '"web 1"']);
  assert.deepEqual(next('dst.group = '), [12, 'dmz', 'none']);
  assert.deepEqual(next('sig'), [0, 'signature']);
  assert.deepEqual(next('bytes > 1'), [8, '1kB', '1MB', '1GB']);
  assert.deepEqual(next('not tcp.fl'), [4, 'tcp.flags']);
  assert.deepEqual(next('wrong = 1 and '), [14]);
  assert.equal(completeFlowQuery('host', 4, { fields: TENANT_FLOW_FIELDS }).items.length, 0);
});

/** Text made of what filters are made of, and of anything. */
const text = fc.oneof(
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...FLOW_FIELD_NAMES, 'and', 'or', 'not', 'in', '(', ')', ',', '"', '\\', 'none', 'now', '-1h'),
        fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'contains', 'prefix', '1MB', '10.0.0.0/8', '__proto__'),
        fc.string({ maxLength: 8, unit: 'binary' }),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(' ')),
  fc.string({ maxLength: 200, unit: 'binary' }),
);

test('whatever the text, it is read or refused at a place inside it, and completed with what can stand there', () => {
  fc.assert(
    fc.property(text, fc.nat(300), (one, cursor) => {
      const found = parseFlowQuery(one, { nowMs: NOW });
      if ('mistake' in found && 'at' in found.mistake.params)
        assert.ok(found.mistake.params.at >= 1 && found.mistake.params.at <= one.length + 1);
      const { from, to, items } = completeFlowQuery(one, cursor);
      assert.ok(from <= to && to <= one.length && items.length <= 50);
      for (const { kind, text: item } of items.slice(0, 3)) {
        const then = parseFlowQuery(`${one.slice(0, from)} ${item} `, { nowMs: NOW });
        // Nothing is wrong with what was put in: what is wanted, if anything, comes behind it.
        if ('mistake' in then && 'at' in then.mistake.params)
          assert.ok(then.mistake.params.at > from + item.length, `${kind} ${item} in ${one}`);
      }
    }),
    { numRuns: Math.max(500, RUNS / 20) },
  );
});

test('every value that is quoted is read as it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 50, unit: 'binary' }), (value) => {
      const is = condition(`vm = ${quotedInFlowQuery(value)}`);
      assert.ok(is.kind === 'named' ? is.name === value : is.kind === 'one-of');
    }),
    { numRuns: Math.max(500, RUNS / 20) },
  );
});

test('every field has operators, and takes no other', () => {
  for (const name of FLOW_FIELD_NAMES) {
    const allowed = operatorsOf(FLOW_FIELDS[name]);
    for (const operator of ['=', '!=', '<', '<=', '>', '>=', 'in', 'contains', 'prefix'] as const) {
      const found = parseFlowQuery(`${name} ${operator} %`, { nowMs: NOW });
      const wanted = 'mistake' in found && found.mistake.code === 'flow-query-syntax' && found.mistake.params.wanted;
      assert.equal(wanted === 'operator-of-field', !allowed.includes(operator), `${name} ${operator}`);
    }
  }
});
