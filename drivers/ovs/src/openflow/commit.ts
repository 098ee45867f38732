import type { OvsError } from '../errors.ts';
import { bundleControl, encodeBundleAdd, encodeBundleControl } from './bundle.ts';
import type { Connection } from './connection.ts';
import { readError } from './errors.ts';
import type { FlowMod } from './flow-mod.ts';
import { messageType } from './message.ts';

const pieceBytes = 256 << 10;

/** Sends flows as one bundle, ordered and atomic. Rejects with `openflow-error`, `details.index` being the flow refused. */
export async function commitBundle(connection: Connection, bundle: number, flows: readonly FlowMod[]): Promise<void> {
  const control = (type: number, what: string) =>
    connection.ask(what, messageType.bundleControl, encodeBundleControl(bundle, type), () => true);

  await control(bundleControl.open, 'to open a bundle');
  const firstXid = connection.takeXids(flows.length);
  let refused: OvsError | undefined;
  const stopWatching = connection.watch(firstXid, flows.length, (message) => {
    const index = message.xid - firstXid;
    if (message.type === messageType.error) refused ??= readError(message, `flow ${index} of the bundle`, { index });
  });
  try {
    await sendFlows(connection, bundle, firstXid, flows);
    // Open vSwitch leaves a message that it cannot read out of the bundle and would commit the others: ask first.
    await connection.ask('a barrier', messageType.barrierRequest, Buffer.alloc(0), () => true);
    if (refused) await control(bundleControl.discard, 'to discard a bundle');
    else await control(bundleControl.commit, 'to commit a bundle');
  } catch (error) {
    // A bundle that fails as it is committed first tells which message did, and then that it failed.
    throw refused ?? error;
  } finally {
    stopWatching();
  }
  if (refused) throw refused;
}

/** Writes the flows in pieces as the socket takes them. */
async function sendFlows(
  connection: Connection,
  bundle: number,
  firstXid: number,
  flows: readonly FlowMod[],
): Promise<void> {
  let piece: Buffer[] = [];
  let size = 0;
  for (const [index, flow] of flows.entries()) {
    const message = encodeBundleAdd(bundle, firstXid + index, flow);
    piece.push(message);
    size += message.length;
    if (size < pieceBytes) continue;
    await connection.send(piece);
    piece = [];
    size = 0;
  }
  await connection.send(piece);
}
