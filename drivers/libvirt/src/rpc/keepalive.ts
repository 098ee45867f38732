import { PROGRAM, PROTOCOL_VERSION, procedure } from '../gen/keepalive.ts';
import { messageStatus, messageType } from '../gen/net.ts';
import { encodeRawPacket, type PacketHeader } from './packet.ts';

/** As libvirt's own client: this many pings without any answer end the connection. */
const COUNT = 5;

export interface KeepAliveHooks {
  send(packet: Buffer): void;
  /** False while silence proves nothing, because this side does not read or the daemon may not. */
  expectsAnswers(): boolean;
  dead(): void;
}

export interface KeepAlive {
  /** Anything that arrives proves life. Returns whether the packet was keepalive's own. */
  received(header: PacketHeader): boolean;
  stop(): void;
}

/** libvirt's keepalive program: pings after `seconds` of silence, answers the peer's pings always. 0 sends none. */
export function startKeepAlive(seconds: number, hooks: KeepAliveHooks): KeepAlive {
  let unanswered = 0;
  let heard = false;
  const tick = () => {
    if (heard || !hooks.expectsAnswers()) unanswered = 0;
    else if (unanswered >= COUNT) return hooks.dead();
    if (!heard) {
      unanswered++;
      hooks.send(message(procedure.PROC_PING));
    }
    heard = false;
  };
  const timer = seconds > 0 ? setInterval(tick, seconds * 1000) : undefined;
  timer?.unref();
  return {
    received(header) {
      heard = true;
      if (header.program !== PROGRAM) return false;
      if (header.procedure === procedure.PROC_PING) hooks.send(message(procedure.PROC_PONG));
      return true;
    },
    stop: () => clearInterval(timer),
  };
}

function message(number: number): Buffer {
  const header = { program: PROGRAM, version: PROTOCOL_VERSION, procedure: number, serial: 0 };
  return encodeRawPacket({ ...header, type: messageType.MESSAGE, status: messageStatus.OK }, new Uint8Array(0));
}
