import type { Codec } from '../xdr/codec.ts';

/** Which procedure of which program, as the packet header names it. */
export interface ProcedureId {
  readonly program: number;
  readonly version: number;
  readonly number: number;
  /** libvirt's name without its prefix, such as `DOMAIN_GET_XML_DESC`. */
  readonly name: string;
}

/** Seen from the client. What can be read can often be written too: a console. */
export type StreamDirection = 'read' | 'write';

export interface Procedure<Args, Ret> extends ProcedureId {
  readonly args: Codec<Args>;
  readonly ret: Codec<Ret>;
  /** Where the call opens a stream. */
  readonly stream: StreamDirection | undefined;
}

/** A message that the server sends by itself. */
export interface EventMessage<Msg> extends ProcedureId {
  readonly msg: Codec<Msg>;
}

export function procedure<Args, Ret>(
  program: number,
  version: number,
  number: number,
  name: string,
  args: Codec<Args>,
  ret: Codec<Ret>,
  stream?: StreamDirection,
): Procedure<Args, Ret> {
  return { program, version, number, name, args, ret, stream };
}

export function event<Msg>(
  program: number,
  version: number,
  number: number,
  name: string,
  msg: Codec<Msg>,
): EventMessage<Msg> {
  return { program, version, number, name, msg };
}
