import type { EventMessage, Procedure } from '../rpc/procedure.ts';
import type { LibvirtStream } from '../rpc/stream.ts';

/** The part of a session that operations are written with. */
export interface Rpc {
  /** Whether nobody can listen to the connection. */
  readonly isSecure: boolean;
  call<Args, Ret>(procedure: Procedure<Args, Ret>, args: Args): Promise<Ret>;
  openStream<Args, Ret>(procedure: Procedure<Args, Ret>, args: Args): Promise<{ ret: Ret; stream: LibvirtStream }>;
  onMessage<Msg>(message: EventMessage<Msg>, listener: (msg: Msg) => void): () => void;
}
