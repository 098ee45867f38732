import {
  GATEWAY_MAX_COMMAND_BYTES,
  GATEWAY_MAX_MESSAGE_BYTES,
  GATEWAY_PORT,
  type GatewayMessage,
} from '@hypervigil/contract';
import { openNftables } from '@hypervigil/nftables';
import { parseEnded } from './conntrack.ts';
import { createCopies } from './copies.ts';
import { openMarker } from './ctnetlink.ts';
import { createDetector } from './detector.ts';
import { mtuOf, rolesPresent } from './facts.ts';
import { createFirewall } from './firewall.ts';
import { createInspection, networkOn } from './inspection.ts';
import { keepRunning } from './kept-running.ts';
import { onLines } from './lines.ts';
import { createLog } from './log.ts';
import { openCounters } from './nft-counters.ts';
import { openPort } from './port.ts';
import { createQuestionJudge, createQuestions } from './questions.ts';
import { createSession } from './session.ts';
import { openSlots } from './slots.ts';
import { createSuricata } from './suricata.ts';

const MAX_LINE = 4096;

const slots = openSlots('/run/slots.json');
const dataMtus = () =>
  rolesPresent()
    .filter((role) => role !== 'mirror')
    .map(mtuOf);
const nft = openNftables({ command: ['nft'] });
const firewall = createFirewall({ nft, counts: openCounters(), slots, dataMtus });
const port = await openPort({
  name: GATEWAY_PORT,
  maxReceivedBytes: GATEWAY_MAX_COMMAND_BYTES,
  maxSentBytes: GATEWAY_MAX_MESSAGE_BYTES,
  onCommand: (payload) => session.receive(payload),
});
const send = (message: GatewayMessage) => port.send(message);
const log = createLog(send);
const inspection = createInspection({ firewall, slots, marker: openMarker(), log });
const detector = createDetector('firewall', inspection.report);
const copies = createDetector('mirror', createCopies({ firewall, log }));
const suricata = createSuricata(({ vlan, ...seen }) => log.alert({ ...seen, net: networkOn(firewall.policy(), vlan) }));
const questions = createQuestions(createQuestionJudge({ firewall, inspection, log }));
const session = createSession({ send, firewall, inspection, questions, detector, copies, suricata, log });

keepRunning(['conntrack', '-E', '-e', 'DESTROY', '-o', 'timestamp', '-b', '8388608'], (output) =>
  onLines(output, MAX_LINE, (line) => {
    const ended = parseEnded(line);
    if (!ended) return;
    const { zone, mark, seconds, protocol, srcIp, dstIp, srcPort, dstPort, ...counted } = ended;
    const tuple = { net: zone, protocol, srcIp, dstIp, srcPort, dstPort };
    const judged = slots.judgementOf(mark) ?? { verdict: 'deny', rule: 0, revision: 0 };
    const startMs = Math.max(0, counted.endMs - seconds * 1000);
    log.flow({ ...tuple, ...counted, ...judged, startMs, recognised: inspection.take(tuple) });
  }),
);
