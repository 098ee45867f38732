import type { Attack } from '../src/attack.ts';
import { LabError } from '../src/errors.ts';
import { type Lab, labState } from '../src/lab.ts';
import { run, runOk } from '../src/run.ts';
import { runInHostOk } from '../src/spawn.ts';
import { httpStatus } from '../src/tools.ts';
import { addressOf } from '../src/vm/spec.ts';
import { guestExec, guestOk } from '../src/vm/vm.ts';
import { waitFor } from '../src/wait.ts';
import { isNoticed } from './noticing.ts';

/** Addresses for documents (RFC 5737), here those of a machine that is no VM: one that a feed names, and one beside it. */
const BAD = '203.0.113.66';
const HARMLESS = '203.0.113.77';
const OUTSIDE = '203.0.113.0/24';
const PORT = 80;
const SWITCH = 'br-outside';
const [TRUNK, NIC] = ['outsidet', 'outside0'] as const;
/** Always the same: the guest remembers for half a minute whom it talked to. */
const MAC = '02:00:cb:00:71:01';
/** From the trunk, and from the machine, to its switch. */
const WIRES = { [TRUNK]: 'outsw0', [NIC]: 'outsw1' } as const;

const SERVE = `require('node:net').createServer((s) => s.on('error', () => {}).end('HTTP/1.0 200 OK\\r\\n\\r\\n'))
.listen(+process.argv[1], '0.0.0.0');`;

export const knownBadAddress: Attack = {
  id: 'known-bad-address',
  title:
    'A VM that may go outside calls an address that threat intelligence knows to be bad, or tries to and is not noticed',
  protects: 'a rule that denies a threat set, and an alert',
  needsPolicy: true,
  async run({ lab, cast: { attacker }, policy }) {
    if (!policy) throw new LabError('LAB_USAGE', 'The attack known-bad-address needs a way to change the policy');
    const ended = new AbortController();
    const serving = serveOutside(lab, ended.signal);
    try {
      await makeOutside(lab, attacker.name);
      await guestOk(lab, attacker.name, ['ip', 'route', 'replace', OUTSIDE, 'dev', 'eth0']);
      await policy.allowOutside(attacker.name, OUTSIDE, [BAD]);
      const answers = (address: string) => httpStatus(lab, attacker.name, address, PORT);
      const control = await waitFor('the harmless address answers', () => answers(HARMLESS), {
        timeoutMs: 60_000,
        everyMs: 200,
      }).catch(() => undefined);
      const beganMs = Date.now();
      const bad = await answers(BAD);
      const { alertsOf } = policy;
      if (bad === undefined && alertsOf !== undefined) {
        const { isTold, evidence } = await isNoticed(alertsOf, attacker.name, 'threat-called', beganMs);
        return {
          succeeded: !isTold,
          control: control !== undefined,
          evidence: `${HARMLESS} answered, ${BAD} did not; ${evidence}`,
        };
      }
      return {
        succeeded: bad !== undefined,
        control: control !== undefined,
        evidence: bad === undefined ? `${HARMLESS} answered, ${BAD} did not` : `${BAD} answered ${bad}`,
      };
    } finally {
      await policy.forbidOutside();
      await guestExec(lab, attacker.name, ['ip', 'route', 'del', OUTSIDE]);
      ended.abort();
      await serving.catch(() => undefined);
      await removeOutside(lab);
    }
  },
};

/** A machine on the attacker's VLAN that no host knows of; a switch of its own gives it the tag. */
async function makeOutside(lab: Lab, attacker: string): Promise<void> {
  const { names } = lab;
  const { spec } = labState(lab).vms[attacker]!;
  const host = switchHost(lab);
  const ip = (...argv: string[]) => runOk(['ip', '-n', names.netNamespace, ...argv]);
  await removeOutside(lab);
  for (const [near, far] of Object.entries(WIRES))
    await ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', names.hostNamespace(host));
  for (const far of Object.values(WIRES))
    await runOk(['ip', '-n', names.hostNamespace(host), 'link', 'set', far, 'up']);
  await ip('link', 'set', TRUNK, 'master', 'hvtrunk', 'up');
  const [trunk, access] = [WIRES[TRUNK], WIRES[NIC]];
  const bridge = ['add-br', SWITCH, '--', 'set', 'bridge', SWITCH, 'datapath_type=netdev', 'fail_mode=standalone'];
  const ports = ['--', 'add-port', SWITCH, trunk, '--', 'add-port', SWITCH, access, `tag=${spec.vlan}`];
  await runInHostOk(lab, host, ['ovs-vsctl', ...bridge, ...ports]);
  for (const address of [BAD, HARMLESS]) await ip('address', 'add', `${address}/32`, 'dev', NIC);
  await ip('link', 'set', NIC, 'address', MAC, 'up');
  await ip('route', 'add', `${addressOf(spec.ipv4)}/32`, 'dev', NIC, 'src', HARMLESS);
}

async function removeOutside(lab: Lab): Promise<void> {
  await runInHostOk(lab, switchHost(lab), ['ovs-vsctl', '--if-exists', 'del-br', SWITCH]);
  for (const near of Object.keys(WIRES)) await run(['ip', '-n', lab.names.netNamespace, 'link', 'delete', near]);
}

const switchHost = (lab: Lab): string => labState(lab).hosts[0]!;

function serveOutside(lab: Lab, signal: AbortSignal): Promise<unknown> {
  const serve = ['ip', 'netns', 'exec', lab.names.netNamespace, process.execPath, '-e', SERVE, String(PORT)];
  return run(serve, { timeoutMs: 300_000, signal });
}
