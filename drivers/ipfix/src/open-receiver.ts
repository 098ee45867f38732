import { openBatchReceiver } from './batch-receiver.ts';
import { openDatagramReceiver } from './datagram-receiver.ts';
import type { OnDatagram, Receiver, ReceiverOptions } from './receiver.ts';

/**
 * Receives datagrams as fast as this machine allows.
 * @throws IpfixError `IPFIX_BIND_FAILED`
 */
export async function openReceiver(options: ReceiverOptions, onDatagram: OnDatagram): Promise<Receiver> {
  return openBatchReceiver(options, onDatagram) ?? (await openDatagramReceiver(options, onDatagram));
}
