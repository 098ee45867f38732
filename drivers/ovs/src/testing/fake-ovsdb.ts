import type net from 'node:net';
import { createJsonFramer } from '../ovsdb/codec.ts';
import { type FakePeer, startFakePeer } from './fake-peer.ts';

export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Speaks as an `ovsdb-server` that says what the test lets it say, byte for byte. */
export function startFakeOvsdb(serve: (call: RpcCall, stream: net.Socket) => void): Promise<FakePeer> {
  return startFakePeer((stream) => {
    const framer = createJsonFramer();
    stream.on('data', (chunk: Buffer) => {
      for (const call of framer.push(chunk)) serve(call as RpcCall, stream);
    });
  });
}
