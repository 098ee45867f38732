import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostPaths, type Lab } from '../lab.ts';
import { runInHost, runInHostOk, spawnInHost, waitForService } from '../spawn.ts';

const DATABASE = '/etc/openvswitch/conf.db';

/** The host's own database and switch, and `br-int`, which passes nothing until an engine programmes it. */
export async function ensureOpenvswitch(lab: Lab, host: string, hostUuid: string): Promise<void> {
  const paths = hostPaths(lab, host);
  const inHost = (...argv: string[]) => runInHostOk(lab, host, argv);
  if (!existsSync(join(paths.dir, 'etc-ovs/conf.db'))) {
    // Created aside: a half-written database would stop every later start.
    rmSync(join(paths.dir, 'etc-ovs/conf.db.new'), { force: true });
    await inHost('ovsdb-tool', 'create', `${DATABASE}.new`, '/usr/share/openvswitch/vswitch.ovsschema');
    await inHost('mv', `${DATABASE}.new`, DATABASE);
  }
  await spawnInHost(
    lab,
    host,
    [
      ...['ovsdb-server', DATABASE, '--remote=punix:/run/openvswitch/db.sock', '--unixctl=/run/openvswitch/ovsdb.ctl'],
      ...['--remote=db:Open_vSwitch,Open_vSwitch,manager_options', '-vconsole:warn', '-vsyslog:off'],
    ],
    { name: `${host}/ovsdb-server` },
  );
  const vsctl = (...argv: string[]) => inHost('ovs-vsctl', '--timeout=10', ...argv);
  await waitForService(lab, `${host}/ovsdb-server`, () => answers(lab, host, '--no-wait', 'init'));
  // Without it every TCP segment of a guest with offloads is invalid to conntrack; it is read only when vswitchd starts.
  await vsctl(
    ...['--no-wait', 'set', 'Open_vSwitch', '.', 'other_config:userspace-tso-enable=true'],
    ...[`external_ids:system-id=${hostUuid}`, `external_ids:hostname=${host}`],
  );
  await spawnInHost(
    lab,
    host,
    [
      ...['ovs-vswitchd', 'unix:/run/openvswitch/db.sock', '--pidfile=/run/openvswitch/ovs-vswitchd.pid'],
      ...['-vconsole:warn', '-vsyslog:off', '--log-file=/var/log/openvswitch/ovs-vswitchd.log'],
    ],
    { name: `${host}/ovs-vswitchd` },
  );
  await vsctl(
    ...['--may-exist', 'add-br', 'br-int', '--', 'set', 'bridge', 'br-int', 'datapath_type=netdev', 'fail_mode=secure'],
    ...['--', '--may-exist', 'add-port', 'br-int', 'uplink'],
  );
}

async function answers(lab: Lab, host: string, ...argv: string[]): Promise<boolean> {
  return (await runInHost(lab, host, ['ovs-vsctl', '--timeout=5', ...argv])).code === 0;
}
