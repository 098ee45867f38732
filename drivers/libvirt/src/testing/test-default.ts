import { eventPacket, type FakeAnswer, failure, key, QEMU, REMOTE, reply } from './fake-daemon.ts';
import { wire } from './wire.ts';

/** The domain that `test:///default` always has. */
const DOMAIN = `
  00 00 00 04 'test'                                # name
  66 95 eb 01 f6 a4 83 04 79 aa 97 f2 50 2e 19 3f   # uuid
  00 00 00 01                                       # id
`;

const NO_SUCH_DOMAIN = wire(`
  00 00 00 2a   # code 42: no domain
  00 00 00 0c   # from part 12: the test driver
  00 00 00 01   # there is a message
  00 00 00 10 'Domain not found'
  00 00 00 02   # level: error
  00 00 00 00   # no domain
  00 00 00 01 00 00 00 10 'Domain not found'
  00 00 00 00 00 00 00 00   # no second and third string
  ff ff ff ff ff ff ff ff   # two numbers, unused
  00 00 00 00   # no network
`);

const NOT_SUPPORTED = wire(`
  00 00 00 03   # code 3: no support
  00 00 00 00   # from no part
  00 00 00 01 00 00 00 08 'no such.'
  00 00 00 02   # level: error
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
  ff ff ff ff ff ff ff ff
  00 00 00 00
`);

const STATE = (state: string, reason: string) => wire(`00 00 00 ${state}  00 00 00 ${reason}`);

const lifecycle = (event: string) =>
  eventPacket(
    318,
    wire(`
      00 00 00 00   # callback
      ${DOMAIN}
      00 00 00 ${event}
      00 00 00 00   # detail
    `),
  );

const answer =
  (payload: Buffer): FakeAnswer =>
  (call, send) =>
    send(reply(call, payload));

/**
 * What libvirtd 9 says for its driver `test:///default`, recorded from one and annotated, in the parts that the shared
 * tests of operations use. The domain's state is kept for the connection.
 */
export function testDefaultAnswers(): Map<string, FakeAnswer> {
  let state = STATE('01', '00');
  const change =
    (next: Buffer, event: string): FakeAnswer =>
    (call, send) => {
      state = next;
      // libvirtd often sends both at once, in either order.
      send(lifecycle(event), reply(call));
    };
  const remote: Record<number, FakeAnswer> = {
    // CONNECT_OPEN, CONNECT_CLOSE: nothing comes back.
    1: answer(wire('')),
    2: answer(wire('')),
    // CONNECT_GET_TYPE
    3: answer(wire("00 00 00 04 'TEST'")),
    // NODE_GET_INFO
    6: answer(
      Buffer.concat([
        charArray('i686', 32), // model: char[32], four bytes each
        wire(`
          00 00 00 00 00 30 00 00   # memory: 3,145,728 KiB
          00 00 00 10               # CPUs
          00 00 05 78               # MHz
          00 00 00 02  00 00 00 02  00 00 00 02  00 00 00 02   # nodes, sockets, cores, threads
        `),
      ]),
    ),
    // DOMAIN_GET_XML_DESC
    14: answer(wire(`00 00 00 35 '<domain type="test" id="1"><name>test</name></domain>' 00 00 00`)),
    // DOMAIN_GET_INFO
    16: answer(
      wire(`
        00 00 00 01               # running
        00 00 00 00 00 80 00 00   # at most 8 GiB
        00 00 00 00 00 20 00 00   # now 2 GiB
        00 00 00 02               # vCPUs
        18 ea 2e 0a 00 bb fa 90   # CPU time in ns
      `),
    ),
    // DOMAIN_LOOKUP_BY_NAME
    23: (call, send) => send(call.payload.includes('test') ? reply(call, wire(DOMAIN)) : failure(call, NO_SUCH_DOMAIN)),
    // DOMAIN_RESUME, DOMAIN_SUSPEND
    28: change(STATE('01', '05'), '04'),
    34: change(STATE('03', '01'), '03'),
    // DOMAIN_INTERFACE_STATS: eight 64-bit counters, and an error for a device that is not there
    65: (call, send) =>
      send(
        call.payload.includes('testnet0')
          ? reply(call, wire('00 00 00 00 00 00 00 01 '.repeat(8)))
          : failure(call, NOT_SUPPORTED),
      ),
    // AUTH_LIST: one type, none
    66: answer(wire('00 00 00 01  00 00 00 00')),
    // CONNECT_GET_LIB_VERSION: 9,000,000
    157: answer(wire('00 00 00 00 00 89 54 40')),
    // DOMAIN_GET_STATE
    212: (call, send) => send(reply(call, state)),
    // CONNECT_LIST_ALL_DOMAINS
    273: answer(
      wire(`
        00 00 00 01   # one domain
        ${DOMAIN}
        00 00 00 01   # the count once more
      `),
    ),
    // CONNECT_LIST_ALL_STORAGE_POOLS
    281: answer(
      wire(`
        00 00 00 01
        00 00 00 0c 'default-pool'  df e2 24 cb 28 fb 8d d0 c4 b2 64 eb 3f 0f 45 66
        00 00 00 01
      `),
    ),
    // CONNECT_LIST_ALL_NETWORKS
    283: answer(
      wire(`
        00 00 00 01
        00 00 00 07 'default' 00  dd 8f e8 84 6c 02 60 1e 75 51 cc a9 7d f1 c5 df
        00 00 00 01
      `),
    ),
    // CONNECT_LIST_ALL_SECRETS: the test driver has none
    287: (call, send) => send(failure(call, NOT_SUPPORTED)),
    // CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY, _DEREGISTER_ANY: callback 0
    316: answer(wire('00 00 00 00')),
    317: answer(wire('')),
    // CONNECT_GET_ALL_DOMAIN_STATS
    344: answer(
      wire(`
        00 00 00 01   # one record
        ${DOMAIN}
        00 00 00 02   # two parameters
        00 00 00 0b 'state.state' 00    00 00 00 01  00 00 00 01   # int 1
        00 00 00 0c 'state.reason'      00 00 00 01  00 00 00 05   # int 5
      `),
    ),
  };
  const all = new Map(Object.entries(remote).map(([procedure, to]) => [key(REMOTE, Number(procedure)), to]));
  // QEMU's DOMAIN_MONITOR_COMMAND
  return all.set(key(QEMU, 1), (call, send) => send(failure(call, NOT_SUPPORTED)));
}

function charArray(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length * 4);
  for (const [index, byte] of Buffer.from(text).entries()) bytes.writeUInt32BE(byte, index * 4);
  return bytes;
}
