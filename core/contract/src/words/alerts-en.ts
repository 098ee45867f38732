import type { AlertFacts, AlertState } from '@hypervigil/model';
import type { Words } from './words.ts';

const count = (n: AlertFacts[string] | undefined, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const KINDS: Readonly<Record<string, string>> = {
  tcp: 'half-open TCP connections',
  udp: 'one-sided UDP packets',
  icmp: 'ICMP packets',
};

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
  },
  reasons: {
    'none-answered': 'Nothing of it got through.',
    'some-answered': 'Some of it was answered.',
    'other-tenants': 'It is aimed at VMs of another tenant.',
    'from-outside': 'It comes from outside of the cloud.',
    overload: 'What it is aimed at may not answer others any more.',
    forged: 'Programs do not do this by mistake.',
    'looked-into': 'A gateway recognised it by its content, not by how it looks.',
  },
};
