import type { AlertAction, Format, Kind, SelectorExpectation, Thing, VmAction, VmState } from '@hypervigil/model';
import { alertStates, alerts } from './alerts-en.ts';
import { flowFields, flowTroubles, inFlowQuery } from './flow-query-en.ts';
import { incidents } from './incidents-en.ts';
import { notifications } from './notification-en.ts';
import { findings, firewall, recommendation, rollback, violations } from './policy-en.ts';
import type { Words } from './words.ts';

const count = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

const things: Record<Thing, string> = {
  host: 'host',
  vm: 'VM',
  vnic: 'vNIC',
  network: 'network',
  tenant: 'tenant',
  group: 'group',
  gateway: 'gateway',
  'gateway-group': 'group of gateways',
  'address-set': 'address set',
  mirror: 'mirror',
  exporter: 'exporter',
  capture: 'capture',
  schedule: 'schedule',
  'named-service': 'service',
  'threat-set': 'threat set',
  limit: 'limit',
  policy: 'policy',
  rule: 'rule',
  task: 'task',
  alert: 'alert',
  'alert-exception': 'exception',
  'detector-setting': 'setting of detectors',
  response: 'response',
  playbook: 'playbook',
  incident: 'incident',
  notification: 'notification route',
  'flow-view': 'saved view',
  account: 'account',
  assertion: 'assertion',
  revision: 'revision',
};

const states: Record<VmState, string> = {
  running: 'running',
  blocked: 'waiting for I/O',
  paused: 'paused',
  shutdown: 'shutting down',
  shutoff: 'off',
  crashed: 'crashed',
  pmsuspended: 'asleep',
  nostate: 'in no state',
  gone: 'gone',
};

const actions: Record<VmAction, string> = {
  start: 'started',
  shutdown: 'shut down',
  stop: 'stopped',
  reboot: 'rebooted',
  migrate: 'migrated',
};

const alertActions: Record<AlertAction, string> = {
  triage: 'triaged',
  start: 'worked on',
  close: 'closed',
  assign: 'given to somebody',
  comment: 'commented on',
  respond: 'responded to',
};

const kinds: Record<Kind, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const formats: Record<Format, string> = {
  guid: 'an id (UUID)',
  datetime: 'a time in UTC, such as 2026-01-31T08:00:00Z',
  date: 'a date, such as 2026-01-31',
  'time-of-day': 'a time of day, such as 09:30',
  'time-zone': 'the name of a time zone, such as Asia/Shanghai or Europe/Berlin',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  ip: 'an IPv4 or IPv6 address',
  cidrv4: 'an IPv4 block, such as 10.0.0.0/8',
  cidrv6: 'an IPv6 block, such as 2001:db8::/32',
  cidr: 'an address or a block, such as 10.0.0.7, 10.0.0.0/8 or 2001:db8::/32',
  'address-part': 'an address, a block or the beginning of an address, such as 10.0.',
  'address-entry':
    'an address, a block or a range, such as 10.0.0.7, 10.0.0.0/8, 10.0.0.5-10.0.0.9 or the same in IPv6',
  mac: 'a unicast MAC address, such as 52:54:00:12:34:56',
  name: 'a name of letters, digits and . _ - with a letter or digit at both ends',
  'port-range': 'a port or a range, such as 443 or 8000-8080, the smaller first and at most 65535',
  'host-pattern':
    'a host name in lower case, such as example.com, or *.example.com for all below it (other letters as xn--…)',
  server: 'the name or the address of a server, such as mail.example.com',
  mailbox: 'an e-mail address, such as soc@example.com',
};

const mayMean = (close: string) => (close === '' ? '' : ` Close to it: ${close}.`);

const denials: Words['denials'] = {
  duty: () => 'Your duty does not include this. Somebody with the duty that does can do it, or give it to you.',
  'other-tenant': () => 'This belongs to another tenant.',
  'provider-only': () => 'This is for the people of the provider.',
  'out-of-scope': () => 'This is outside the groups and networks that your rights are for.',
  'provider-tier': () => "Tenants write policies in the tenant tier only; the provider's tiers are the provider's.",
  'own-account': () => 'Nobody changes their own account. Ask somebody else who manages accounts.',
  'beyond-own-rights': () => 'Nobody gives rights that they do not have themselves.',
  disabled: () => 'This account is disabled.',
};

const feeds: Words['feeds'] = {
  'forbidden-address': (p) =>
    `${p['host']} leads to ${p['address']}, which is not on the internet. If feeds may be fetched from there, the operator adds it to --threat-feed-networks.`,
  unresolved: (p) => `The name ${p['host']} cannot be resolved. Check it, and the platform's name servers.`,
  unreachable: (p) => `${p['host']} cannot be reached (${p['reason']}). Check the address and the platform's way out.`,
  timeout: (p) => `The source did not send the feed within ${p['seconds']} seconds.`,
  'bad-status': (p) => `The source answered with HTTP status ${p['status']}. Check the address.`,
  'bad-redirect': (p) =>
    `The source sends us on to ${p['location'] || 'nowhere'}. Only five redirects of the same scheme are followed; write the final address.`,
  'too-large': (p) => `The feed is larger than ${p['maximum']} MiB.`,
  encoded: (p) => `The source sent the feed in the encoding ${p['encoding']}, which was not asked for.`,
  'not-csv': (p) => `The file is not CSV: line ${p['line']} has a quote that is not closed, or no end.`,
  'no-column': (p) =>
    `The file has no column ${p['column']} in its header. Correct the name, or write the column's number.`,
  'not-json': () => 'The file is not JSON, and so no STIX.',
  'not-stix': () => 'The file is not a STIX bundle: it has no list of objects.',
  'no-entries': () => 'There is nothing in the file that can be taken. Check the format.',
};

const inSelector: Record<SelectorExpectation, string> = {
  term: 'a tag (key or key=value), not, or (',
  operator: 'and, or, or the end',
  'operator-or-close': 'and, or, or )',
  value: 'a value; write "" for an empty one',
  'end-quote': 'the closing quote',
};

export const en: Words = {
  alerts,
  incidents,
  notifications,
  flowFields,
  flowTroubles,
  errors: {
    'invalid-request': () => 'Some fields are not right. Correct them and try again.',
    malformed: () => 'The request cannot be read. Its address must be well formed, and its body one JSON document.',
    'bad-feed': (p) => feeds[p.problem](p),
    unstorable: () => 'The request holds a value that cannot be stored, such as the character NUL.',
    'not-signed-in': () => 'You are not signed in, or your session has ended. Sign in and try again.',
    'wrong-credentials': () => 'The user name or the password is wrong. After several failures you must wait.',
    'no-certificate': () => "This address is for hosts: show the host's client certificate.",
    'unknown-certificate': () => 'The certificate is not one of a host. Enrol the host again.',
    'password-change-required': () => 'The one-time password must be changed first.',
    'not-permitted': (p) => denials[p.denial](),
    'own-playbook': () => 'You changed the playbook that asks for this: somebody else has to approve it.',
    'only-tenant-answers': () => 'Only the people of the tenant that is asked can answer.',
    'own-draft': () => 'You changed this draft yourself: somebody else has to approve it.',
    'not-your-view': (p) => `This view is ${p.owner}'s: who saved it changes it. Save your own under another name.`,
    'other-site': () => 'Another site may not change anything here.',
    'not-local': () => 'This listener answers to localhost only. Use the HTTPS address from elsewhere.',
    'host-revoked': () => "The host's certificate was revoked. Enrol the host again.",
    'token-invalid': () => 'The enrolment token is not one that was given out. Create a new one.',
    'token-used': () => 'The enrolment token was used already. Create a new one.',
    'token-expired': () => 'The enrolment token has expired. Create a new one.',
    'not-found': (p) => `There is no such ${things[p.what]}. It may have been removed meanwhile.`,
    'no-such-address': () => 'There is nothing at this address.',
    'stale-revision': (p) =>
      `Somebody changed it meanwhile: it is at revision ${p.current} now. Look at the change, then make yours again.`,
    'not-allowed-in-state': (p) => `The VM is ${states[p.state]}; it cannot be ${actions[p.action]} now.`,
    'alert-not-in-state': (p) => `The alert is ${alertStates[p.stage]}; it cannot be ${alertActions[p.step]} now.`,
    'response-over': () => 'The response has ended already: there is nothing left to undo.',
    'response-not-waiting': () => 'The response does not wait for approval any more.',
    'not-a-question': () => 'This is no question that waits for an answer.',
    'no-tenant-to-ask': () => 'The VM belongs to no tenant: there is nobody to ask.',
    'asked-already': () => 'It waits for approval already that this is done.',
    'no-peer-outside': () => 'The alert names no address outside of the cloud that could be blocked.',
    'settings-full': (p) =>
      `There are ${p.maximum} settings of detectors, which is the most. Delete one that is no longer needed.`,
    'set-gone': () => 'The address set of the playbook is deleted. Choose another.',
    'blocked-already': (p) => `The address set “${p.set}” has the address ${p.address} already.`,
    'never-blocked': (p) => `The address set “${p.set}” leaves out ${p.address}: it is never blocked there.`,
    'set-not-denied': (p) =>
      `No published rule that is in force denies the address set “${p.set}”: putting an address into it would block nothing. Publish a rule that denies it first.`,
    'set-full': (p) => `The address set has ${p.maximum} entries, which is the most. Take out what it no longer needs.`,
    'incident-closed': () => 'None of its alerts is open: there is nothing left to do.',
    'incident-full': (p) =>
      `An incident holds at most ${p.alerts} alerts of ${p.vms} VMs. Split it first, or leave the two apart.`,
    'incident-whole': () => 'These are all of its alerts. Leave at least one of them in the incident.',
    'vm-busy': () => 'The VM is busy with another task. Wait until that has ended.',
    'quarantined-already': () => 'The VM is quarantined already. Release it first to give another reason.',
    'not-quarantined': () => 'The VM is not quarantined. It may have been released meanwhile.',
    'address-taken': (p) => `${p.address} belongs to a vNIC of ${p.vm} in this network already.`,
    'name-taken': (p) => `Another ${things[p.what]} has this name. Choose another.`,
    'in-use': (p) => `A ${things[p.by]} still uses this ${things[p.what]}. Remove or move that first.`,
    'named-by-rule': (p) =>
      `The rule ${p.rule} of the policy ${p.policy} names this ${things[p.what]}. Change the rule first.`,
    'named-by-assertion': (p) =>
      `The assertion ${p.assertion} names this ${things[p.what]}. Change or delete the assertion first.`,
    'edit-conflict': (p) =>
      `Somebody else changed ${p.count === 1 ? 'the same thing' : 'the same things'} meanwhile. Read the policy again and make your change on it.`,
    'draft-changed': (p) =>
      `The draft changes ${count(p.count, 'policy', 'policies')}, which would be lost. Publish or discard it first, or say that it may go.`,
    'nothing-before': () => 'There is no revision before it to go back to.',
    'approval-missing': (p) =>
      `${count(p.required, 'person has', 'people have')} to approve this draft, besides whoever wrote it; ${p.given} did. Ask somebody to look at it.`,
    'approved-already': () => 'You approved this draft already; one person counts once.',
    'not-approved': () => 'There is no approval of yours to take back: the draft was changed or published since.',
    'nothing-to-approve': () => 'The draft changes nothing here.',
    'assertion-violated': (p) =>
      `${count(p.count, 'assertion')} would not hold any more. Mend the draft, or publish it all the same and say why.`,
    'built-in': (p) => `This ${things[p.what]} is everybody's and cannot be changed. Create one of your own.`,
    'trial-over': () => 'The trial of this policy is over, and the one before it is in force. Set the policy again.',
    'entries-from-feed': () => 'A feed fills this set. Change what it leaves out, or the feed.',
    'feed-is-file': () => 'This set has no address to ask. Bring the new file.',
    'feed-is-address': () => 'This set is filled from an address. Remove the address first to bring files.',
    'too-large': () => 'This is too large for one request. Send less at once.',
    'unsupported-media-type': () => 'The platform takes JSON only (Content-Type: application/json).',
    'too-many-requests': (p) => `Too many attempts. Wait ${count(p.seconds, 'second')}, then try again.`,
    'capture-runs': () => 'A capture of this mirror is running. Wait for its end, or stop it.',
    'captures-busy': (p) => `${p.maximum} captures are running, and no more can. Wait for the end of one, or stop one.`,
    'not-a-capture': () => 'This mirror does not write files. Give it the target capture first.',
    'views-full': (p) => `You have ${p.maximum} saved views, and no more can be. Delete one first.`,
    'routes-full': (p) => `There are ${p.maximum} notification routes, and no more can be. Delete one first.`,
    'exporters-full': (p) => `The host listens for ${p.maximum} exporters, and for no more. Choose another host.`,
    'mirrors-full': (p) => `There are ${p.maximum} mirrors, and no more can be. Delete one first.`,
    'file-gone': () => 'The host has no such file any more.',
    'capture-away': () => 'The host that has the file is not connected. Try again later.',
    'host-offline': (p) => `The host ${p.host} is not connected. Check its engine, then try again.`,
    'analysis-stopped': (p) =>
      p.reason === 'time'
        ? `The analysis took longer than ${count(p.seconds, 'second')} and was stopped. Ask about less, or raise analysis-seconds.`
        : `The analysis took more than ${p.mib} MiB and was stopped. Ask about less, or raise analysis-mib.`,
    'flow-query-stopped': (p) =>
      p.reason === 'time'
        ? 'The question took too long and was stopped. Ask about a shorter time or less traffic.'
        : 'The question needs too much memory and was stopped. Ask about a shorter time, or group by less.',
    unavailable: () => 'The platform cannot do this right now, and nothing was changed. Try again in a moment.',
    internal: () => 'The platform failed. Its log has the details under the request id.',
  },
  problems: {
    missing: () => 'This field is missing.',
    'wrong-type': (p) => `This must be ${kinds[p.expected]}.`,
    'wrong-format': (p) => `This must be ${formats[p.format]}.`,
    'not-one-of': (p) => `This must be one of: ${p.values}.`,
    'too-short': (p) => `Needs at least ${count(p.minimum, 'character')}.`,
    'too-long': (p) => `Takes at most ${count(p.maximum, 'character')}.`,
    'too-few': (p) => `Needs at least ${count(p.minimum, 'entry', 'entries')}.`,
    'too-many': (p) => `Takes at most ${count(p.maximum, 'entry', 'entries')}.`,
    'too-low': (p) => `This must be ${p.minimum} or more.`,
    'too-high': (p) => `This must be ${p.maximum} or less.`,
    'unknown-field': () => 'There is no such field.',
    invalid: () => 'This value is not possible here.',
    'unknown-application': (p) => `Gateways recognise no application “${p.name}”.${mayMean(p.close)}`,
    'unknown-risk': (p) => `Gateways tell of no risk “${p.name}”.${mayMean(p.close)}`,
    'unknown-set': (p) => `There is no address set ${p.name} in this policy.`,
    'unknown-id': (p) => `There is no such ${things[p.what]}.`,
    'name-taken': (p) => `Another ${things[p.what]} has this name.`,
    twice: () => 'This stands here twice.',
    unchanged: () => 'The new password must differ from the old one.',
    'same-host': () => 'The VM is on this host already.',
    'same-incident': () => 'It is the same incident. Name another.',
    'ends-before': () => 'The end must be after the beginning.',
    'not-a-cursor': () => 'This is not a cursor of this list.',
    'not-a-csr': () => 'This is not a PEM certificate request (PKCS #10) signed with its own key.',
    'wrong-key': () => 'The key must be ECDSA on P-256.',
    'tier-not-yours': () => "A tenant's policy belongs in the tenant tier.",
    'tier-of-tenants': () => 'The tenant tier is for policies of a tenant.',
    'other-tier': () => 'It stays in its tier: name a policy of the same one.',
    'foreign-group': () => 'This group belongs to another tenant.',
    'not-graded': () => 'This detector finds what it finds: it can be off or as usual, not more or less sensitive.',
    'not-a-peer': () => 'The alert names no such peer.',
    'foreign-address-set': () => 'This address set belongs to another tenant.',
    'foreign-mirror': () => 'This mirror copies the traffic of another tenant.',
    'foreign-vm': () => "This VM is not this tenant's.",
    'exporter-address-taken': () => 'The host listens there for another exporter with this address. Change that one.',
    'listen-not-of-family': () => 'Both addresses have to be IPv4, or both IPv6.',
    'collector-in-cloud': (p) =>
      `This is an address of the VM ${p.vm}: whoever has it would read the copies. Name a collector outside of the cloud.`,
    'range-backwards': () => 'The range ends before it begins. Write the smaller address first.',
    'secret-again': () =>
      'The password was given for another server or name. Enter it again, so that nobody else gets it.',
    'secret-without-use': (p) => `A destination of the kind ${p.kind} has no such secret, or needs a user name for it.`,
    'secret-in-url': () =>
      'The address has a user name or a password in it. Everybody who sees the set would see them.',
    'range-of-two-families': () => 'The range begins in one version of IP and ends in the other. Write two ranges.',
    'foreign-tenant': () => 'Only the provider joins tenants.',
    'selector-syntax': (p) => `At character ${p.at} there should be ${inSelector[p.wanted]}.`,
    'flow-query-syntax': (p) =>
      `At character ${p.at} there should be ${inFlowQuery[p.wanted]}${p.found === '' ? '' : `, not “${p.found}”`}.${p.known === '' ? '' : ` Possible: ${p.known}.`}`,
    'flow-query-field': (p) => `At character ${p.at}: there is no field “${p.name}”.${mayMean(p.close)}`,
    'flow-query-name': (p) =>
      `At character ${p.at}: there is no ${things[p.thing]} called “${p.name}”.${mayMean(p.close)}`,
    'flow-query-too-deep': (p) =>
      `At character ${p.at}: parentheses and not are nested more than ${p.maximum} levels deep.`,
    'flow-query-too-many': (p) => `At character ${p.at}: a filter asks for at most ${count(p.maximum, 'value')}.`,
    'selector-too-deep': (p) =>
      `At character ${p.at} more than ${p.maximum} parentheses and nots are within each other.`,
    'nested-in-itself': (p) => `A group cannot be within itself: ${p.path}.`,
    'nested-too-deep': (p) => `At most ${p.maximum} groups can be within each other.`,
    'mixed-families': () => 'Source and destination have no IP version in common, so the rule can never match.',
    'wrong-family': (p) => `${p.protocol} never goes between these addresses.`,
    'changed-meanwhile': () => 'Somebody else changed this meanwhile, too.',
    'rule-changed-meanwhile': (p) => `Somebody else changed ${p.field} of the rule ${p.rule} meanwhile, too.`,
    'removed-and-changed': (p) => `One removed the rule ${p.rule}, the other changed it.`,
    'assertion-violated': (p) => `${p.assertion} would not hold: ${violations.allow(p)}`,
    'assertion-cut-off': (p) => `${p.assertion} would not hold: ${violations.deny(p)}`,
  },
  violations,
  firewall,
  findings,
  rollback,
  recommendation,
  feeds,
  denials,
  leftOut: {
    'no-address': () => 'It is no address, block or range.',
    'too-wide': () => 'It is a large part of the internet, or all of it.',
    expired: () => 'The indicator is past its time (valid_until).',
    'not-yet-valid': () => 'The time of the indicator is to come (valid_from).',
    revoked: () => 'Its author has revoked the indicator.',
    'not-mapped': () => 'The pattern says more than addresses, or something else.',
    'too-many': () => 'The set is full.',
  },
  tasks: {
    'host-offline': () => 'The host did not come back in time. Nothing was done.',
    'target-not-ready': () => 'The target host did not come to enforce the newest intent in time. Nothing was moved.',
    'lease-expired': () => 'The host said nothing of it any more. Look at the VM before you repeat it.',
    'engine-restarted': () =>
      'The engine restarted before it told how this ended. Look at the VM before you repeat it.',
    busy: () => 'The host works on too many tasks already. Try again when some have ended.',
    'libvirt-away': () => 'libvirt does not answer on this host.',
    'no-domain': () => 'The host does not know this VM any more.',
    'operation-invalid': () => 'The state of the VM does not allow this.',
    'resource-busy': () => 'Another operation holds the VM. Try again when it has ended.',
    timeout: () => 'libvirt did not finish in time.',
    'operation-timeout': () => 'libvirt did not finish in time.',
    aborted: () => 'It took longer than its lease allows and was cut off.',
    'migrate-unsafe': () => 'libvirt holds this migration to be unsafe: look at the cache mode of its disks.',
    'cpu-incompatible': () => "The target host's processor lacks what this VM uses.",
    'not-supported-by-host': () => "This host's libvirt cannot do this.",
  },
};
