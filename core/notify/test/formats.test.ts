import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cefOf, jsonOf, ocsfOf, payloadOf, textOf } from '../src/index.ts';
import { ACME, DIGEST, GLOBEX, messageOf, VM } from './make.ts';

/** CEF taken apart by its rules: seven fields before bars, then `key=value` with `\=`, `\\` and `\n` within values. */
function readCef(text: string) {
  const parts: string[] = [];
  let part = '';
  let i = 0;
  for (; parts.length < 7 && i < text.length; i++) {
    if (text[i] === '\\') part += text[++i];
    else if (text[i] === '|') {
      parts.push(part);
      part = '';
    } else part += text[i];
  }
  const rest = text.slice(i);
  const fields: Record<string, string> = {};
  const starts = [...rest.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)];
  for (const [n, start] of starts.entries()) {
    const value = rest.slice(start.index + start[0].length, starts[n + 1]?.index ?? rest.length);
    fields[start[1]!] = value.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  return { parts, fields };
}

test('an alert as CEF', () => {
  const { parts, fields } = readCef(cefOf(messageOf(), '0.1.0'));
  assert.deepEqual(parts, [
    ...['CEF:0', 'Hypervigil', 'Hypervigil', '0.1.0', 'port-scan', '[high] New alert: Port scan – shop1', '8'],
  ]);
  assert.equal(fields['shost'], 'shop1');
  assert.equal(fields['dst'], '10.0.0.9');
  assert.equal(fields['externalId'], messageOf().id);
  assert.deepEqual([fields['cs2Label'], fields['cs2']], ['tenant', 'acme']);
  assert.equal(fields['rt'], String(Date.parse('2026-01-31T08:00:05.000Z')));
  assert.equal(fields['request'], 'https://hv.example/alerts/4');

  const target = readCef(
    cefOf(messageOf({ side: 'target', peers: [{ ip: '2001:db8::9', vmId: null, tenantId: null }] }), '1'),
  );
  assert.deepEqual(
    [target.fields['dhost'], target.fields['c6a2'], target.fields['src']],
    ['shop1', '2001:db8::9', undefined],
  );
});

test('no name of a VM breaks out of CEF, or out of its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (vmName) => {
      const text = cefOf(messageOf({ vmName }), '1');
      assert.equal(text.split('\n').length, 1);
      const { parts, fields } = readCef(text);
      assert.equal(parts[6], '8');
      assert.equal(fields['externalId'], messageOf().id);
    }),
  );
  const hostile = 'x|10|y=z cs1=forged \\ \n';
  assert.equal(readCef(cefOf(messageOf({ vmName: hostile }), '1')).fields['cs1'], messageOf().alert.id);
});

test('an alert as OCSF 1.3.0 Detection Finding, with what the class requires', () => {
  const event = ocsfOf(messageOf(), '0.1.0') as Record<string, unknown>;
  const { category_uid, class_uid, type_uid, activity_id, severity_id, status_id, time, metadata, finding_info } =
    event;
  assert.deepEqual([category_uid, class_uid, type_uid, activity_id], [2, 2004, 200401, 1]);
  assert.deepEqual([severity_id, status_id, time], [4, 1, Date.parse('2026-01-31T08:00:05.123Z')]);
  assert.deepEqual(metadata, {
    version: '1.3.0',
    uid: messageOf().id,
    product: { name: 'Hypervigil', vendor_name: 'Hypervigil', version: '0.1.0' },
    tenant_uid: ACME,
  });
  const { uid, attacks } = finding_info as { uid: string; attacks: unknown };
  assert.equal(uid, messageOf().alert.id);
  assert.deepEqual(attacks, [{ technique: { uid: 'T1046' } }]);
  assert.deepEqual(event['resources'], [{ uid: VM, name: 'shop1', type: 'Virtual Machine' }]);

  const closed = ocsfOf(messageOf({ state: 'closed', resolution: 'false' }, 'closed'), '1') as Record<string, unknown>;
  assert.deepEqual([closed['type_uid'], closed['status_id']], [200403, 3]);
  const digest = ocsfOf(DIGEST, '1') as Record<string, unknown>;
  assert.deepEqual([digest['class_uid'], digest['type_uid'], digest['count']], [0, 99, 37]);
});

test('our own JSON is the alert as the API tells it, with its sentences', () => {
  const { alert, event, tenant } = jsonOf(messageOf()) as ReturnType<typeof messageOf> & {
    alert: { text: { title: string } };
  };
  assert.deepEqual(
    [event, tenant?.name, alert.vmName, alert.text.title],
    ['alert.raised', 'acme', 'shop1', 'Port scan'],
  );
  for (const format of ['json', 'cef', 'ocsf'] as const)
    assert.ok(!payloadOf(format, messageOf(), '1').text.includes('\n'));
});

test('a message speaks the language of its route, with the words of the console', () => {
  const zh = textOf('zh', messageOf());
  assert.equal(zh.title, '[高] 新告警：端口扫描 – shop1');
  assert.ok(zh.lines.some((line) => line.includes('租户 acme')));
  const en = textOf('en', DIGEST);
  assert.equal(en.title, '37 alerts held back');
  assert.deepEqual(en.lines.slice(1), ['30 × Port scan (high)', '7 × Flood (medium)']);
  assert.ok(!JSON.stringify(textOf('en', messageOf())).includes(GLOBEX));
});

test('no name ends a line of a message or turns its direction', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (vmName) => {
      const { title, lines } = textOf('en', messageOf({ vmName }));
      for (const line of [title, ...lines])
        assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
    }),
  );
});
