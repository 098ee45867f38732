import type { OvsError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { readError } from './errors.ts';
import { encodeMessage, messageType } from './message.ts';
import { encodeMeterMod, type RawMeter } from './meter.ts';

/** A meter to add, to modify or to delete. */
export interface MeterMod extends RawMeter {
  readonly command: number;
}

/**
 * Sends changes of meters, which no bundle of Open vSwitch takes (ofproto.c, handle_bundle_add), and waits until they are
 * done. Rejects with the first `openflow-error`, `details.meter` being the one refused; the others are done then.
 */
export async function sendMeterMods(connection: Connection, mods: readonly MeterMod[]): Promise<void> {
  const firstXid = connection.takeXids(mods.length);
  let refused: OvsError | undefined;
  const stopWatching = connection.watch(firstXid, mods.length, (message) => {
    const meter = mods[message.xid - firstXid]?.id;
    if (message.type === messageType.error) refused ??= readError(message, `meter ${meter}`, { meter });
  });
  try {
    await connection.send(
      mods.map((mod, n) => encodeMessage(messageType.meterMod, firstXid + n, encodeMeterMod(mod.command, mod))),
    );
    await connection.ask('a barrier', messageType.barrierRequest, Buffer.alloc(0), () => true);
  } finally {
    stopWatching();
  }
  if (refused) throw refused;
}
