import type { Language } from '@hypervigil/contract';

/** What hv says, in English. The Chinese file has the same keys: its type is this one's. */
export const en = {
  language: 'en' as Language,
  usage: (commands: string) => `hv: the security platform of a KVM cloud

  hv up                          a protected KVM cloud on this machine, and its console
  hv up --connect URI            protect this machine's own libvirt, such as qemu:///system
  hv up --platform               the platform alone; it prints how a host joins
  hv down                        end what hv up began and remove every trace
  hv test [--quick]              everything that is tested; --quick needs no root
  hv check                       static checks
  hv sbom                        every package that is used, as CycloneDX JSON
  hv lab up|down|status|vm …     the cloud without the platform (hv lab help)
  hv verify [--json]             run every attack with the protection off and on
     [--signatures SUITE]        those too that need Suricata, which SUITE of Debian has (trixie)
  hv bench NAME [--json]         measure a claim beside its peer (hv bench list)
  hv engine join|run|release     the part on a host (hv engine help)
  hv platform run                the control plane (hv platform help)
  hv gateway build|verify        the image of a firewall VM: made from packages, signed, checked
  hv login [USER] · hv logout    sign in to the platform (--url, --ca)

  and, once signed in (add --json, --url, --lang en|zh):
${commands}

A name stands wherever an id does. Fields of an object are flags (--vlan 100); --file FILE reads them as JSON.`,
  unknownCommand: (word: string) => `There is no command "${word}". hv help lists them.`,
  password: 'Password: ',
  newPassword: 'New password (12 characters or more): ',
  mustChange: 'This is a one-time password. Choose your own now.',
  signedIn: (user: string, url: string) => `Signed in to ${url} as ${user}.`,
  signedOut: 'Signed out.',
  errors: {
    'flag-needs-value': (p: Params) => `--${p['flag']} needs a value.`,
    'unknown-flag': (p: Params) => `There is no flag --${p['flag']} here. There are: ${p['known']}`,
    'file-unreadable': (p: Params) => `${p['file']} cannot be read: ${p['reason']}`,
    unreachable: (p: Params) =>
      `Nothing answers at ${p['url']} (${p['reason']}). Is the platform up (hv up)? Another address: --url or HV_URL.`,
    'no-such-name': (p: Params) => `Nothing is called "${p['name']}".`,
    'ambiguous-name': (p: Params) => `More than one is called "${p['name']}"; use an id: ${p['ids']}`,
    'nothing-captured': (p: Params) => `No host has captured anything for ${p['id']} yet.`,
    'several-files': (p: Params) =>
      `Several hosts have a file: ${p['hosts']}. Choose one with --host, or leave out --out.`,
    'capture-open': (p: Params) => `${p['host']} has not closed its file yet. Wait for the end, or hv capture stop.`,
    'capture-damaged': (p: Params) =>
      `What came from ${p['host']} is not what it captured (SHA-256 differs). Nothing was kept. Try again.`,
    'file-unwritable': (p: Params) => `${p['file']} cannot be written: ${p['reason']}`,
    'flow-file-missing': () => 'Name the file: hv flow save flows.csv (or .jsonl, .parquet).',
    'unknown-form': (p: Params) => `${p['file']} has no ending that says its form. Possible: ${p['known']}.`,
    'name-missing': (p: Params) => `Name the object: hv ${p['command']} NAME`,
    'too-many-words': (p: Params) => `Too many words: ${p['words']}`,
    'no-terminal': (p: Params) => `There is no terminal to ask on. Set ${p['variable']}.`,
    'no-cookie': (p: Params) => `${p['url']} signed us in without a session. Is it a Hypervigil platform?`,
    'file-missing': () => 'Name the file: -f FILE (or -f - for standard input).',
    'unknown-source': (p: Params) => `Nothing can be imported from "${p['from']}". --from takes: ${p['known']}`,
    'no-service': (p: Params) =>
      `"${p['word']}" is no service. Services are written tcp/22, udp/5000-5010, icmp/8/0, ip/47, with commas between.`,
    'no-bandwidth': (p: Params) =>
      `"${p['text']}" is no bandwidth. It is written 500k, 100m or 10g (bits a second), with a burst 100m/20m, or none.`,
    'no-connection-rate': (p: Params) =>
      `"${p['text']}" is no rate of connections. It is written 100 (a second), with a burst 100/500, or none.`,
    'wrong-order': (p: Params) => `--order ${p['order']} is not a number from 0 to 999999.`,
    'draft-busy': () => 'Somebody keeps changing the draft. Try again in a moment.',
    'draft-moved': (p: Params) =>
      `The draft is at revision ${p['current']} now, not at ${p['seen']}. Look at the plan again (hv policy plan).`,
    'refused-by-hosts': (p: Params) =>
      `Revision ${p['revision']} is published, and ${p['hosts']} could not apply it (hv policy progress). hv policy rollback goes back.`,
    'hosts-not-ready': (p: Params) =>
      `Revision ${p['revision']} is published, and ${p['hosts']} has not confirmed it in time (hv policy progress).`,
    'draft-of-others': (p: Params) =>
      `Publishing would also publish what others left in the draft: ${p['policies']}. Publish or discard that first, or add --with-others.`,
  },
  saved: (p: { file: string; bytes: number }) => `${p.file}: ${p.bytes} bytes`,
  captured: (p: { host: string; file: string; bytes: number; packets: number; sha256: string }) =>
    `${p.file}: ${p.packets} packets, ${p.bytes} bytes from ${p.host}, SHA-256 ${p.sha256}`,
  policy: {
    kinds: {
      schedule: 'schedule',
      service: 'service',
      group: 'group',
      policy: 'policy',
      assertion: 'assertion',
      'address-set': 'address set',
      limit: 'limit',
      'gateway-group': 'gateway group',
    },
    noChanges: 'No changes: everything is as the file says.',
    same: 'The rules are the same.',
    moreRules: (count: number) => `… and ${count} more rules.`,
    summary: (create: number, update: number, remove: number) =>
      `${create} to create, ${update} to change, ${remove} to delete. Policies change in the draft, all else at once.`,
    others: (policies: string) => `The draft also changes what the file does not name: ${policies}.`,
    rule: (place: number) => `rule ${place}`,
    moved: (from: number) => `(was ${from})`,
    outcomes: {
      done: (what: string, action: Action) => `✓ ${what} ${DONE[action]}`,
      named: (what: string) => `! ${what} stays: what is published still names it. Publish, then apply again.`,
    },
    importedFrom: (source: string, files: string) => `Imported from ${source}: ${files}`,
    mapping: { mapped: 'mapped', approximated: 'approximated', 'not-mapped': 'not mapped' },
    because: (why: string) => `: ${why}`,
    mappedCount: (mapped: number, approximated: number, left: number, opens: number) =>
      `${mapped} mapped, ${approximated} approximated, ${left} not mapped.${opens > 0 ? ` Those with ! (${opens}) may allow what was denied: look at them first.` : ''}`,
    inDraft: 'Nothing is published yet: look at the draft, then hv policy publish.',
    published: (revision: number) => `Published as revision ${revision}.`,
  },
  traffic: {
    seen: (flows: number, vms: number) => `Judged: ${flows} recorded connections of ${vms} VMs.`,
    cut: (flows: number, vms: number) => `Would be cut: ${flows} connections of ${vms} VMs.`,
    opened: (flows: number, vms: number) => `Would be allowed: ${flows} connections of ${vms} VMs.`,
    unplaced: (flows: number) => `Not judged: ${flows} connections of VMs that are gone or have other addresses now.`,
    learnt: (rules: number, flows: number, vms: number) =>
      `${rules} rules allow the ${flows} connections of ${vms} VMs that were learnt from.`,
    applied: (policy: string) =>
      `In the draft as policy "${policy}", its rules staged: publish it, and every flow says what they would make of it.`,
    confidence: { high: 'high', medium: 'medium', low: 'low' },
    outliers: {
      denied: (talks: number, flows: number) => `Left out, denied: ${talks} services, ${flows} connections.`,
      scan: (talks: number, flows: number) => `Left out, looks like a scan: ${talks} services, ${flows} connections.`,
      once: (talks: number) => `Left out, seen once: ${talks} services.`,
      'other-tenant': (talks: number, flows: number) =>
        `Left out, between tenants (only a provider's rule can allow it): ${talks} services, ${flows} connections.`,
      'link-local': (talks: number, flows: number) =>
        `Left out, link-local addresses are in no group: ${talks} services, ${flows} connections.`,
      moved: (talks: number, flows: number) =>
        `Left out, of VMs that are gone or have other addresses: ${talks} services, ${flows} connections.`,
    },
    truncated: 'There is more traffic than one look takes in; the rarest was left out.',
  },
  observation: {
    published: (revision: number, at: string, by: string, comment: string) =>
      `Revision ${revision}, published ${at} by ${by}${comment === '' ? '' : `: ${comment}`}`,
    hosts: (confirmed: number, all: number) => `Confirmed by ${confirmed} of ${all} hosts.`,
    confirmed: (host: string) => `${host} enforces it.`,
    refused: (host: string, error: string) => `${host} refused it and keeps what it had: ${error}`,
    waiting: (host: string) => `${host} has not said anything of it.`,
    skipped: (host: string) => `${host} went on to a later revision.`,
    nothingBefore: 'Nothing is recorded of the time before: whether traffic passed then cannot be said.',
    denied: (talks: number, flows: number, vms: number) =>
      `Passed before and denied since: ${talks} kinds of traffic, ${flows} connections, ${vms} VMs.`,
    allowed: (talks: number, flows: number, vms: number) =>
      `Denied before and allowed since: ${talks} kinds of traffic, ${flows} connections, ${vms} VMs.`,
    firstHit: (policy: string, rule: string, flows: number) =>
      `Hit for the first time: ${policy} / ${rule}, ${flows} connections.`,
    rollBack: 'If that was not meant: hv policy rollback.',
  },
  signInFirst: 'Run hv login.',
  requestId: (id: string) => `Request ${id}`,
};

type Action = 'create' | 'update' | 'delete';
const DONE: Record<Action, string> = { create: 'created', update: 'changed', delete: 'deleted' };

type Params = Readonly<Record<string, string | number>>;
export type Messages = typeof en;
