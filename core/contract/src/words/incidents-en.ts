import type { ResponseTurn } from '@hypervigil/model';
import type { Words } from './words.ts';

const RESPONSES: Readonly<Record<ResponseTurn, (actor: string, what: string) => string>> = {
  done: (actor, what) => `${actor} responded: ${what}.`,
  asked: (actor, what) => `${actor} asked for approval: ${what}.`,
  approved: (actor, what) => `${actor} approved: ${what}.`,
  declined: (actor, what) => `${actor} declined: ${what}.`,
  lapsed: (_, what) => `Nobody approved in time: ${what}.`,
  answered: (actor) => `${actor} answered for the tenant:`,
  undone: (actor, what) => `${actor} ended: ${what}.`,
};

export const incidents: Words['incidents'] = {
  tactics: {
    reconnaissance: 'Reconnaissance',
    'defense-evasion': 'Defense evasion',
    'credential-access': 'Credential access',
    discovery: 'Discovery',
    'lateral-movement': 'Lateral movement',
    'command-and-control': 'Command and control',
    exfiltration: 'Exfiltration',
    impact: 'Impact',
  },
  severity: ({ worst }) => `As severe as the worst of its alerts: ${worst}.`,
  raised: ({ worst, tactics }) =>
    `One step above the worst of its alerts (${worst}), since its alerts are of several tactics: ${tactics}.`,
  listed: ', ',
  ties: {
    vm: (vm) => `It has the VM ${vm} in common with`,
    address: (ip) => `It has the address ${ip} in common with`,
    name: (name) => `It has the domain ${name} in common with`,
  },
  began: 'The incident began with it.',
  placed: (person) => `${person} put it here.`,
  moments: {
    began: () => 'It began.',
    raised: () => 'The alert was raised.',
    lasted: () => 'It was last seen.',
    placed: ({ actor }) => `${actor} put it into this incident.`,
    triage: ({ actor }) => `${actor} looked at it.`,
    start: ({ actor }) => `${actor} began to work on it.`,
    assign: ({ actor, assignee }) =>
      assignee === null ? `${actor} took it from whoever had it.` : `${actor} gave it to ${assignee}.`,
    comment: ({ actor, text }) => `${actor}: ${text}`,
    close: ({ actor, resolution }) => `${actor} closed it. ${resolution}`,
    response: ({ turn, actor, what, answer, reason }) =>
      [RESPONSES[turn](actor, what), answer, reason].filter((part) => part !== null).join(' '),
    told: ({ route, event, outcome }) => `Route ${route}, ${event}: ${outcome}.`,
  },
  responses: {
    quarantine: () => 'quarantine of the VM',
    'block-peer': ({ ip, set }) => `${ip} into the address set ${set}`,
    'ask-tenant': () => 'question to the tenant',
  },
  outcomes: {
    waiting: 'the message waits',
    sent: 'the message arrived',
    held: 'held back',
    failed: 'it did not arrive',
  },
};
