import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Caller, startCaller } from './caller.ts';

const execute = promisify(execFile);

/**
 * Two hosts that are network namespaces with a cable between them. `near` is the one whose packet filter is tested.
 * `far` answers at every address of 10.0.0.0/8 and fd00::/8, and can call from each of them.
 */
export interface TwoHosts extends AsyncDisposable {
  readonly near: Side;
  readonly far: Side;
}

export interface Side {
  readonly namespace: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly caller: Caller;
  /** Runs a program there; its standard output. */
  run(program: string, ...args: readonly string[]): Promise<string>;
}

const NEAR = { ipv4: '192.168.77.1', ipv6: 'fc00:77::1' };
const FAR = { ipv4: '192.168.77.2', ipv6: 'fc00:77::2' };

/** `tag` tells hosts of tests that run at once apart: at most 8 letters. */
export async function createTwoHosts(tag: string): Promise<TwoHosts> {
  const [near, far] = [`${tag}n${process.pid}`, `${tag}f${process.pid}`];
  const ip = (...args: readonly string[]) => execute('ip', args);
  const callers: Caller[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(callers.map((caller) => caller.stop()));
    // A namespace takes its end of the cable with it, and that the other end.
    for (const namespace of [near, far]) await ip('netns', 'delete', namespace).catch(() => undefined);
  };
  const side = async (namespace: string, addresses: typeof NEAR): Promise<Side> => {
    const caller = await startCaller(namespace);
    callers.push(caller);
    return {
      namespace,
      ...addresses,
      caller,
      run: async (program, ...args) => (await execute('ip', ['netns', 'exec', namespace, program, ...args])).stdout,
    };
  };
  try {
    for (const namespace of [near, far]) {
      await ip('netns', 'add', namespace);
      await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    }
    await ip('-n', near, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', far);
    for (const [namespace, { ipv4, ipv6 }] of [
      [near, NEAR],
      [far, FAR],
    ] as const) {
      await ip('-n', namespace, 'addr', 'add', `${ipv4}/24`, 'dev', 'cable');
      // Without duplicate address detection, which takes a second in which the address cannot be used.
      await ip('-n', namespace, 'addr', 'add', `${ipv6}/64`, 'dev', 'cable', 'nodad');
      await ip('-n', namespace, 'link', 'set', 'cable', 'up');
    }
    for (const [block, via] of [
      ['10.0.0.0/8', FAR.ipv4],
      ['fd00::/8', FAR.ipv6],
    ] as const) {
      await ip('-n', far, 'route', 'add', 'local', block, 'dev', 'lo');
      await ip('-n', near, 'route', 'add', block, 'via', via);
    }
    // Every datagram to a closed port is answered, not one a second.
    const unlimited = ['net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0'];
    await execute('ip', ['netns', 'exec', near, 'sysctl', '-qw', ...unlimited]);
    // Linux lets nobody bind to an IPv6 address that is local by a route alone, unlike IPv4.
    const nonlocal = 'net.ipv6.ip_nonlocal_bind=1';
    await execute('ip', ['netns', 'exec', far, 'sysctl', '-qw', ...unlimited, nonlocal]);
    const hosts = { near: await side(near, NEAR), far: await side(far, FAR), [Symbol.asyncDispose]: remove };
    // A cable takes a moment to carry; from then on, no datagram is lost on it.
    for (const to of [NEAR.ipv4, NEAR.ipv6]) {
      while ((await hosts.far.caller.call({ protocol: 'tcp', to, port: 1 }).outcome()) === 'failed') await delay(20);
    }
    return hosts;
  } catch (error) {
    await remove();
    throw error;
  }
}
