import { OvsError } from '../errors.ts';
import { type FlowMod, flowModLength, writeFlowMod, writeHeader } from './flow-mod.ts';
import { headerLength, messageType } from './message.ts';

/** OFPBCT_* (OpenFlow 1.5.1, 7.3.9.2). */
export const bundleControl = { open: 0, openReply: 1, commit: 4, commitReply: 5, discard: 6, discardReply: 7 } as const;

/** OFPBF_ATOMIC and OFPBF_ORDERED: all or nothing, packets see all or nothing, and in the order given. */
const flags = 0b11;

export function encodeBundleControl(bundle: number, type: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(bundle, 0);
  body.writeUInt16BE(type, 4);
  body.writeUInt16BE(flags, 6);
  return body;
}

const addLength = headerLength + 8;

/** OFPT_BUNDLE_ADD_MESSAGE around an OFPT_FLOW_MOD, both with the same xid, as a whole message. */
export function encodeBundleAdd(bundle: number, xid: number, flow: FlowMod): Buffer {
  const length = addLength + flowModLength(flow);
  if (length > 0xffff) throw new OvsError('too-large', `A flow of ${length} bytes does not fit into one message.`);
  const out = Buffer.alloc(length);
  writeHeader(out, 0, messageType.bundleAdd, length, xid);
  out.writeUInt32BE(bundle, headerLength);
  out.writeUInt16BE(flags, headerLength + 6);
  writeFlowMod(out, addLength, xid, flow);
  return out;
}
