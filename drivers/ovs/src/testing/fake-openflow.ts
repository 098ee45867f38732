import type net from 'node:net';
import { createMessageFramer, type Message } from '../openflow/message.ts';
import { bytes } from './bytes.ts';
import { type FakePeer, startFakePeer } from './fake-peer.ts';

/** Answers one message: the bytes to send, of which an answer's xid is put into place, or nothing. */
export type Answer = (message: Message, stream: net.Socket) => Buffer | undefined;

export const hello15 = bytes(`
  06 00 0010 00000000   // version 1.5, HELLO, 16 bytes
  0001 0008 00000040    // version bitmap: bit 6, that is 1.5
`);

/** As the bytes of an answer to this message. */
export function answering({ xid }: Message, text: string): Buffer {
  const answer = bytes(text);
  answer.writeUInt32BE(xid, 4);
  return answer;
}

/** Speaks as a bridge's management socket that says what the test lets it say, byte for byte. */
export function startFakeOpenFlow(answer: Answer, greeting: Buffer = hello15): Promise<FakePeer> {
  return startFakePeer((stream) => {
    const framer = createMessageFramer();
    stream.write(greeting);
    stream.on('data', (chunk: Buffer) => {
      for (const message of framer.push(chunk)) {
        const reply = answer(message, stream);
        if (reply) stream.write(reply);
      }
    });
  });
}
