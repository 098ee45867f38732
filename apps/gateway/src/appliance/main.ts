import {
  GATEWAY_MAX_COMMAND_BYTES,
  GATEWAY_MAX_MESSAGE_BYTES,
  GATEWAY_PORT,
  type GatewayMessage,
} from '@hypervigil/contract';
import { openNftables } from '@hypervigil/nftables';
import { parseEnded } from './conntrack.ts';
import { mtuOf, rolesPresent } from './facts.ts';
import { createFirewall } from './firewall.ts';
import { keepRunning } from './kept-running.ts';
import { onLines } from './lines.ts';
import { createLog } from './log.ts';
import { openPort } from './port.ts';
import { createSession } from './session.ts';
import { openSlots } from './slots.ts';

const MAX_LINE = 4096;

const slots = openSlots('/run/slots.json');
const dataMtus = () =>
  rolesPresent()
    .filter((role) => role !== 'mirror')
    .map(mtuOf);
const firewall = createFirewall({ nft: openNftables({ command: ['nft'] }), slots, dataMtus });
const port = await openPort({
  name: GATEWAY_PORT,
  maxReceivedBytes: GATEWAY_MAX_COMMAND_BYTES,
  maxSentBytes: GATEWAY_MAX_MESSAGE_BYTES,
  onCommand: (payload) => session.receive(payload),
});
const send = (message: GatewayMessage) => port.send(message);
const log = createLog(send);
const session = createSession({ send, firewall, log });

keepRunning(['conntrack', '-E', '-e', 'DESTROY', '-o', 'timestamp', '-b', '8388608'], (output) =>
  onLines(output, MAX_LINE, (line) => {
    const ended = parseEnded(line);
    if (!ended) return;
    const { zone: net, mark, seconds, ...rest } = ended;
    const judged = slots.judgementOf(mark) ?? { verdict: 'deny', rule: 0, revision: 0 };
    log.flow({ net, ...rest, ...judged, startMs: Math.max(0, rest.endMs - seconds * 1000), recognised: null });
  }),
);
