import type { VerifyRow } from '../../verify.ts';

/** What `hv up`, `hv down` and `hv verify` say, in English; the Chinese file has the same keys by its type. */
export const en = {
  steps: {
    'guest image': 'Guest image',
    networks: 'Networks',
    host: 'Host',
    vm: 'VM',
    libvirt: 'libvirt answers',
    platform: 'Platform',
    tenants: 'Tenants and policy',
    engine: 'Engine on',
    enforced: 'Policy enforced on every host',
    connected: 'Host connected',
    visible: 'Every VM seen and protected',
    'end processes': 'End processes',
    'remove namespaces': 'Remove namespaces',
    'remove files': 'Remove files',
  } as Readonly<Record<string, string>>,
  ready: (url: string) => `Hypervigil is up: ${url}`,
  password: (password: string) => `Sign in as admin with the one-time password ${password}`,
  passwordChanged: 'Sign in as admin with the password that you chose.',
  seesOnly:
    'This machine has no Open vSwitch: its VMs are seen, but nothing is policed yet. Install openvswitch-switch and attach\nVMs to the bridge br-int; what is attached elsewhere stays unprotected.',
  join: (command: string) =>
    `On each host that it shall protect, as root:\n\n  ${command}\n\nThe token works once, for one hour. Another: hv enrolment create --host-name NAME`,
  next: 'hv down ends it and removes every trace.',
  nextPlatform: 'hv down ends the platform and keeps its data; hv down --purge removes that too.',
  elapsed: (seconds: string) => `${seconds} s in all`,
  down: 'Everything is gone.',
  kept: (dir: string) => `Ended. The platform's data is kept in ${dir}; hv down --purge removes it.`,
  nothing: 'Nothing was up.',
  cannotCarry: (lacks: string) =>
    `This machine cannot carry the lab:\n${lacks}\n\nInstead:\n  hv up --connect qemu:///system   protect the libvirt of this machine\n  hv up --platform                 start the platform; hosts join it`,
  outcome: { succeeded: 'succeeded', stopped: 'stopped', error: 'could not be run', 'not-run': 'not run' },
  attack: (row: VerifyRow): string =>
    row.pass === null
      ? `– ${row.id.padEnd(22)} not run: ${row.off.evidence}`
      : `${row.pass ? '✓' : '✗'} ${row.id.padEnd(22)} off: ${en.outcome[row.off.outcome].padEnd(10)} on: ${row.on === null ? '-' : `${en.outcome[row.on.outcome]} (${row.on.evidence})`}`,
  failed: (what: string) => `It failed: ${what}`,
  logs: (dir: string) => `Logs: ${dir}. hv down removes what was begun; hv up goes on from here.`,
  usage: {
    'bad-flags': (detail: string) => `${detail}. See hv help.`,
    'one-mode': (detail: string) => `Choose one of ${detail}.`,
    'bad-port': (detail: string) => `--port ${detail} is not a port (1 to 65535).`,
    'no-libvirt': (detail: string) => `libvirt cannot be reached: ${detail}. Nothing was started.`,
  },
};

export type CloudMessages = typeof en;
