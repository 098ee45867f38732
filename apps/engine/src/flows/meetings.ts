import type { Connection } from './connection.ts';
import { meetingOf } from './gateway-words.ts';
import type { Recency } from './recency.ts';

/**
 * Finds the present connection that a gateway's word is about. Hosts of which no gateway has anything to say need none of it, so
 * the connections are gone through at the first word, and followed until the last one is forgotten.
 */
export class Meetings {
  readonly #connections: Recency<Connection>;
  #present: Map<string, Connection> | null = null;

  constructor(connections: Recency<Connection>) {
    this.#connections = connections;
  }

  find(meeting: string): Connection | undefined {
    if (this.#present === null) {
      this.#present = new Map();
      for (let one = this.#connections.oldest; one !== null; one = one.newer) this.touch(one);
    }
    return this.#present.get(meeting);
  }

  touch(connection: Connection): void {
    this.#present?.set(meetingOfConnection(connection), connection);
  }

  remove(connection: Connection): void {
    if (this.#present === null) return;
    const meeting = meetingOfConnection(connection);
    if (this.#present.get(meeting) === connection) this.#present.delete(meeting);
  }

  /** No word is known any more. */
  rest(): void {
    this.#present = null;
  }
}

/** As gateways name what is between its ends. */
export function meetingOfConnection(connection: Connection): string {
  const { icmpType, icmpCode, dstPort } = connection;
  connection.meeting ??= meetingOf({
    ...{ net: connection.net, protocol: connection.protocol, srcIp: connection.srcIp, dstIp: connection.dstIp },
    ...{ srcPort: connection.srcPort, dstPort: icmpType === null ? dstPort : icmpType * 256 + (icmpCode ?? 0) },
  });
  return connection.meeting;
}
