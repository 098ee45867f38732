import { type Action, standard, standardAction } from './action.ts';

/** Group, meter, queue: actions with one number. */
export function withUint32(name: string, type: number, value: number): Action {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(value, 0);
  return { text: `${name}:${value}`, bytes: standardAction(type, body) };
}

/** @param etherType 0x8100 or 0x88a8 */
export function pushVlan(etherType: number): Action {
  const body = Buffer.alloc(4);
  body.writeUInt16BE(etherType, 0);
  return { text: `push_vlan:0x${etherType.toString(16)}`, bytes: standardAction(standard.pushVlan, body) };
}

export const popVlan: Action = { text: 'pop_vlan', bytes: standardAction(standard.popVlan, Buffer.alloc(4)) };
export const decTtl: Action = { text: 'dec_ttl', bytes: standardAction(standard.decTtl, Buffer.alloc(4)) };
