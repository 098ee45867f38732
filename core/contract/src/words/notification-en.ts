import type { Words } from './words.ts';

const alertCount = (n: number) => `${n} ${n === 1 ? 'alert' : 'alerts'}`;
const said = (answer: unknown) => (answer === '' ? '' : ` It said: ${answer}`);

export const notifications: Words['notifications'] = {
  problems: {
    'forbidden-address': (p) =>
      `${p['host']} leads to ${p['address']}, which is not on the internet. If messages may go there, the operator adds it to --notification-networks, or for tenants to --tenant-notification-networks.`,
    unresolved: (p) => `The name ${p['host']} cannot be resolved. Check it, and the platform's name servers.`,
    unreachable: (p) =>
      `${p['host']} cannot be reached (${p['reason']}). Check the address, the port and the platform's way out.`,
    timeout: (p) => `The other side did not answer within ${p['seconds']} seconds.`,
    'bad-certificate': (p) =>
      `The certificate of ${p['host']} is not one to trust (${p['reason']}). If it is of an authority of your own, give its certificate.`,
    'bad-status': (p) => `The other side answered with HTTP status ${p['status']}.${said(p['answer'])}`,
    refused: (p) => `The other side did not take the message.${said(p['answer'])}`,
    'no-starttls': () => 'The mail server has no STARTTLS. Choose TLS from the first byte, or the right port.',
    'no-sign-in': () => 'The mail server has no way to sign in with a name and a password (AUTH PLAIN or LOGIN).',
    'not-understood': (p) => `What answers there speaks another protocol.${said(p['answer'])}`,
    'unreadable-secrets': () => 'The secrets of this route were sealed with another key. Enter them again.',
  },
  events: {
    raised: 'New alert',
    worsened: 'Alert is more severe now',
    asked: 'Question about an alert',
    answered: 'Answer about an alert',
    closed: 'Alert closed',
  },
  severities: { critical: 'critical', high: 'high', medium: 'medium', low: 'low' },
  resolutions: { true: 'It was true.', false: 'It was false.', expected: 'It was expected.' },
  title: ({ event, severity, what, vm }) => `[${severity}] ${event}: ${what} – ${vm}`,
  answers: { ours: 'We do this.', 'not-ours': 'We do not do this.', unknown: 'We do not know.' },
  question: (text) => `Question: ${text}`,
  answer: ({ answer, said }) => `Answer: ${answer} ${said}`,
  seen: (text) => `Seen: ${text}`,
  expected: (text) => `Expected: ${text}`,
  reason: (text) => `Why so severe: ${text}`,
  vm: ({ vm, tenant, side }) =>
    `VM: ${vm}${tenant === null ? '' : ` (tenant ${tenant})`}, ${side === 'source' ? 'which does it' : 'to which it is done'}`,
  peers: (addresses) => `Other end: ${addresses.join(', ')}`,
  technique: (technique) => `MITRE ATT&CK: ${technique}`,
  times: ({ first, last, count }) => `First ${first}, last ${last}, seen ${count === 1 ? 'once' : `${count} times`}`,
  digestTitle: (count) => `${alertCount(count)} held back`,
  digest: ({ count, from, to, perHour }) =>
    `Between ${from} and ${to} more came than the ${perHour} messages an hour of this route: ${alertCount(count)} held back.`,
  digestPart: ({ count, severity, what }) => `${count} × ${what} (${severity})`,
  testTitle: 'Test message',
  test: (route) => `This is a test of the route ${route}. Nothing has happened.`,
  open: 'Open in Hypervigil',
};
