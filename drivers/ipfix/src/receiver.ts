export interface ReceiverOptions {
  readonly host: string;
  readonly port: number;
  /** Octets of the kernel's receive buffer. */
  readonly receiveBuffer: number;
}

/** Gets a datagram: the first `length` octets of `buffer`, which is used again after the call. */
export type OnDatagram = (buffer: Uint8Array, length: number, sender: string) => void;

export interface Receiver {
  readonly port: number;
  /** Hands over what the kernel still holds, and closes. */
  close(): void;
}
