import type { AlertFacts, AlertState } from '@hypervigil/model';
import type { Words } from './words.ts';

const count = (n: AlertFacts[string] | undefined, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const KINDS: Readonly<Record<string, string>> = {
  tcp: 'half-open TCP connections',
  udp: 'one-sided UDP packets',
  icmp: 'ICMP packets',
};

const MET: Readonly<Record<string, string>> = {
  country: 'countries',
  system: 'autonomous systems',
  application: 'applications',
  machine: 'services of other VMs',
};
const regions = new Intl.DisplayNames('en', { type: 'region' });
const firstTime = ({ what, value, ip, port }: AlertFacts): string => {
  const where = what === 'country' ? regions.of(String(value)) : value;
  if (what === 'country' || what === 'system')
    return `${ip}, port ${port}, is in ${where}, where the VM had spoken to nobody.`;
  const by = what === 'application' ? `${value} ` : '';
  return `It speaks ${by}to ${ip}, port ${port}, for the first time.`;
};

const tries = (f: AlertFacts) => `${count(f['allowed'], 'connection')} allowed and ${f['denied']} denied`;
const listed = (f: AlertFacts) =>
  `The threat set ${f['set']} lists it${f['source'] === '' ? '' : `, from ${f['source']}`}${Number(f['hours']) < 0 ? '' : `, confirmed ${count(f['hours'], 'hour')} before`}.`;

export const alertStates: Record<AlertState, string> = {
  new: 'new',
  triaged: 'triaged',
  'in-progress': 'in progress',
  closed: 'closed',
};

export const alerts: Words['alerts'] = {
  titles: {
    'port-scan': 'Port scan',
    'host-sweep': 'Host sweep',
    'brute-force': 'Passwords are tried',
    flood: 'Flood',
    'deny-burst': 'Refused again and again',
    'cross-tenant': 'Knocks at another tenant',
    spoofing: 'Forged addresses',
    'known-attack': 'Known attack',
    mining: 'Mining',
    anonymiser: 'Anonymous network',
    'generated-names': 'Generated names',
    'clear-text-password': 'Password in clear text',
    'threat-called': 'Calls a listed address',
    'threat-caller': 'A listed address calls',
    beacon: 'Regular reports outside',
    exfiltration: 'Upload to a new place',
    'dns-tunnel': 'Data in names',
    'lateral-movement': 'Goes on to other VMs',
    'policy-bypass': 'Past the policy',
    'unusual-volume': 'Unusual volume',
    'unusual-fan-out': 'Unusually many machines',
    'first-seen': 'Never done before',
  },
  expected: {
    'port-scan': (f) => `Of the services that a VM speaks to for the first time, about ${f['percent']} % fail.`,
    'host-sweep': (f) => `Of the services that a VM speaks to for the first time, about ${f['percent']} % fail.`,
    'brute-force': (f) => `At most ${f['perMinute']} short sign-ins a minute from one client, for long.`,
    flood: (f) => `At most ${f['perSecond']} of these a second, for long.`,
    'deny-burst': (f) => `At most ${f['perMinute']} refused connections a minute, for long.`,
    'cross-tenant': (f) => `At most ${f['perMinute']} tries a minute at VMs of other tenants, for long.`,
    spoofing: (f) => `At most ${f['perMinute']} frames a minute with foreign addresses, for long.`,
    'known-attack': () => 'No signature of the intrusion detection.',
    mining: () => 'No protocol of miners.',
    anonymiser: () => 'No network that hides who speaks to whom.',
    'generated-names': () => 'Hardly any name that looks generated.',
    'clear-text-password': () => 'Passwords only where they are encrypted.',
    'threat-called': () => 'No connection to an address that a threat set lists.',
    'threat-caller': () => 'No connection from an address that a threat set lists.',
    beacon: () => 'Calls of one address outside at irregular times, or since the VM was first seen.',
    exfiltration: (f) => `At most ${f['mib']} MiB an hour, as in the last ${f['hours']} hours.`,
    'dns-tunnel': (f) => `Names below one domain that carry at most ${f['bytes']} bytes a day.`,
    'unusual-volume': (f) => `About ${f['mib']} MiB sent in an hour, as at this time of the last seven days.`,
    'unusual-fan-out': (f) =>
      `About ${count(f['machines'], 'machine')} spoken to in an hour, as at this time of the last seven days.`,
    'first-seen': (f) =>
      `Of ${MET[String(f['what'])] ?? f['what']} the VM has met ${f['count']}, and none that was new in the last ${count(f['days'], 'day')}.`,
    'policy-bypass': (f) => `Only rules of revision ${f['revision']}, which the host enforces.`,
    'lateral-movement': () =>
      'Who comes to a VM for the first time does not go on from it to machines that are new to it.',
  },
  seen: {
    'port-scan': (f) =>
      `${count(f['failed'], 'service')} tried in ${f['seconds']} s without success, the last on ${count(f['hosts'], 'machine')}; ${f['answered']} answered.`,
    'host-sweep': (f) =>
      `${count(f['failed'], 'service')} tried in ${f['seconds']} s without success, the last on ${count(f['hosts'], 'machine')}; ${f['answered']} answered.`,
    'brute-force': (f) => `${count(f['attempts'], 'short connection')} to port ${f['port']} in ${f['seconds']} s.`,
    flood: (f) =>
      `${f['total']} ${KINDS[String(f['kind'])] ?? f['kind']} to port ${f['port']} in ${f['seconds']} s, ${f['perSecond']} a second.`,
    'deny-burst': (f) => `${count(f['tries'], 'connection')} refused in ${f['seconds']} s.`,
    'cross-tenant': (f) => `${count(f['tries'], 'connection')} refused in ${f['seconds']} s.`,
    spoofing: (f) => `${count(f['tries'], 'flow')} dropped in ${f['seconds']} s, the last with the address ${f['ip']}.`,
    'known-attack': (f) => `Signature ${f['what']}, to port ${f['port']}, in ${count(f['flows'], 'flow')}.`,
    mining: (f) => `A protocol of miners to port ${f['port']}, in ${count(f['flows'], 'flow')}.`,
    anonymiser: (f) => `${f['what']} to port ${f['port']}, in ${count(f['flows'], 'flow')}.`,
    'generated-names': (f) =>
      `${count(f['flows'], 'flow')} with such names in ${f['seconds']} s, the last ${f['what']}.`,
    'clear-text-password': (f) => `By ${f['what']} to port ${f['port']}, in ${count(f['flows'], 'flow')}.`,
    'threat-called': (f) => `${tries(f)} to ${f['ip']}, port ${f['port']}. ${listed(f)}`,
    'threat-caller': (f) => `${tries(f)} to port ${f['port']}, the last from ${f['ip']}. ${listed(f)}`,
    beacon: (f) =>
      `The last ${f['calls']} calls to port ${f['port']} were ${f['period']} s apart, give or take ${f['jitter']} %, of about ${f['bytes']} bytes each.`,
    exfiltration: (f) =>
      `${f['mib']} MiB sent to ${f['ip']}, port ${f['port']}, in ${f['seconds']} s; ${f['back']} MiB came back.`,
    'dns-tunnel': (f) =>
      `${count(f['names'], 'new name')} below ${f['domain']} in ${f['seconds']} s that carry ${f['bytes']} bytes, such as ${f['first']} and ${f['last']}.`,
    'unusual-volume': (f) =>
      `${f['mib']} MiB sent since the hour began, what is beyond the usual within ${f['seconds']} s.`,
    'unusual-fan-out': (f) =>
      `About ${count(f['machines'], 'machine')} spoken to since the hour began, those beyond the usual within ${f['seconds']} s.`,
    'first-seen': firstTime,
    'policy-bypass': (f) =>
      `${count(f['flows'], 'flow')} passed by a rule with the number ${f['rule']}, which revision ${f['revision']} has not, within ${f['seconds']} s, the last to port ${f['port']}.`,
    'lateral-movement': (f) =>
      `${f['from']} came to port ${f['by']} for the first time; ${f['seconds']} s later the VM went on to ${f['to']}, port ${f['port']}, for the first time.`,
  },
  reasons: {
    'none-answered': 'Nothing of it got through.',
    'some-answered': 'Some of it was answered.',
    'other-tenants': 'It is aimed at VMs of another tenant.',
    'from-outside': 'It comes from outside of the cloud.',
    overload: 'What it is aimed at may not answer others any more.',
    forged: 'Programs do not do this by mistake.',
    'new-destination': 'The VM had sent nothing there before.',
    'off-hours': 'The VM had sent nothing there before, and hardly sends anything at this hour of the day.',
    'out-of-the-ordinary': 'It is far from what the VM did in the last week, which need not be bad.',
    'no-rule': 'No rule that is in force allowed it: the switch was changed, or the host is not to be relied on.',
    'looked-into': 'A gateway recognised it by its content, not by how it looks.',
  },
};
