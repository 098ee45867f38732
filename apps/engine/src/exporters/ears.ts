import { openReceiver, type Receiver } from '@hypervigil/ipfix';
import { describeError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Place } from './strangers.ts';

/** Sockets where exporters are listened for: as many as there are places, and none without exporters. */
export interface Ears {
  /** Opens and closes until there is one at each of these places; those that cannot be had are tried again. */
  listenAt(places: readonly Place[]): Promise<void>;
  /** Why it cannot be listened at a place; undefined while it is. */
  failure(place: Place): string | undefined;
  close(): void;
}

type OnDatagram = (place: Place, octets: Uint8Array, length: number, sender: string) => void;

/** Exporters send a flood after each interval; half a second of 100 Mbit/s waits in the kernel. */
const RECEIVE_BUFFER = 8 << 20;
const MAX_REASON = 500;

const keyOf = ({ listen, port }: Place): string => `${listen} ${port}`;

export function createEars(onDatagram: OnDatagram, log: Log): Ears {
  const open = new Map<string, Receiver>();
  const failures = new Map<string, string>();

  const listen = async (key: string, place: Place): Promise<void> => {
    try {
      const at = { host: place.listen, port: place.port, receiveBuffer: RECEIVE_BUFFER };
      const receiver = await openReceiver(at, (octets, length, sender) => onDatagram(place, octets, length, sender));
      open.set(key, receiver);
      failures.delete(key);
      log.info({ ...place }, 'exporters of flows are listened for');
    } catch (error) {
      const reason = describeError(error).slice(0, MAX_REASON);
      if (failures.get(key) !== reason) log.warn({ ...place, reason }, 'exporters of flows cannot be listened for');
      failures.set(key, reason);
    }
  };

  return {
    async listenAt(places) {
      const wanted = new Map(places.map((place) => [keyOf(place), place]));
      for (const [key, receiver] of open) {
        if (wanted.has(key)) continue;
        receiver.close();
        open.delete(key);
      }
      for (const key of failures.keys()) if (!wanted.has(key)) failures.delete(key);
      for (const [key, place] of wanted) if (!open.has(key)) await listen(key, place);
    },
    failure: (place) => failures.get(keyOf(place)),
    close() {
      for (const receiver of open.values()) receiver.close();
      open.clear();
    },
  };
}
