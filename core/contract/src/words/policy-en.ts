import type { ViolationParams } from '@hypervigil/model';
import type { Words } from './words.ts';

const byRule = (p: ViolationParams) => (p.rule === '' ? 'by default' : `by the rule ${p.rule} of ${p.policy}`);

export const violations: Words['violations'] = {
  allow: (p) => `${p.from} reaches ${p.to} on ${p.service}, ${byRule(p)}.`,
  deny: (p) => `${p.from} does not reach ${p.to} on ${p.service}, ${byRule(p)}.`,
};

export const firewall: Words['firewall'] = {
  'cuts-platform': (p) =>
    `Refused: this host could not call the platform at ${p['address']} port ${p['port']} any more. Allow it outbound.`,
  'cuts-resolver': (p) =>
    `Refused: this host could not ask ${p['address']} for the platform's address. Allow dns outbound.`,
  'cuts-ssh': (p) =>
    `Refused: it would end the SSH session from ${p['address']} to port ${p['port']}. Allow it inbound, or set keepSsh to false.`,
  'not-confirmed': () =>
    'Rolled back: nobody confirmed it in time. Make sure that you still reach the host, and confirm.',
  'platform-lost': () => 'Rolled back: under this policy the host did not reach the platform again.',
  interrupted: () => 'Rolled back: the engine restarted in the middle of the trial. Set the policy again.',
  'nft-missing': () => 'Not applied: this host has no nft. Install the package nftables.',
  'nft-failed': (p) => `Not applied: ${p['reason']}.`,
};

export const findings: Words['findings'] = {
  'shadowed.same': (p) => `Never decides anything: ${p.others} say the same before it. Remove it.`,
  'shadowed.opposite': (p) => `Never decides anything: ${p.others} come before it and say otherwise. One is wrong.`,
  'redundant.rules': (p) => `Without it nothing would change: ${p.others} would say the same. Remove it.`,
  'redundant.defaults': () => 'Without it nothing would change: the defaults say the same. Remove it, or let it log.',
  'contradictory.order': (p) => `Contradicts ${p.others} on some packets; which one wins hangs on their order.`,
  'irrelevant.nobody-from': () => 'Matches nothing: its source has no address.',
  'irrelevant.nobody-to': () => 'Matches nothing: its destination has no address.',
  'irrelevant.never-meet': () => 'Matches nothing: its two sides share no network, IP version or scope.',
  'irrelevant.silent-from': (p) =>
    `Nobody of its source had any traffic in ${p.days} days. Published since ${p.since}. Look whether it is still wanted.`,
  'irrelevant.silent-to': (p) =>
    `Nobody of its destination had any traffic in ${p.days} days. Published since ${p.since}. Look whether it is still wanted.`,
  'unused.no-hits': (p) =>
    `Decided nothing in ${p.days} days, though both sides had traffic. Published since ${p.since}. Look whether it is still wanted.`,
  'over-permissive.every-service': () => 'Opens every port to the whole outside. Name the services that are needed.',
  'over-permissive.remote-administration': () => 'Opens remote administration to the whole outside. Name who may.',
  'missing-log.between-tenants': () => 'Joins tenants and is not logged.',
  'missing-log.from-anywhere': () => 'Lets the whole outside in and is not logged.',
  'expired.time-over': () => 'Its time is over: it does nothing any more. Remove it, or give it more time.',
};

export const rollback: Words['rollback'] = (p) => `Back to revision ${p.revision}`;

export const recommendation: Words['recommendation'] = {
  policy: (p) => `Seen of ${p.subject}`,
  description: (p) => `Allows what was recorded over ${p.days} days, from ${p.from} to ${p.to}.`,
  comment: (p) =>
    `${p.flows} connections on ${p.days} of ${p.ofDays} days${p.vmsNamed > 0 ? `, by ${p.vmsSeen} of ${p.vmsNamed} VMs` : ''}`,
};
