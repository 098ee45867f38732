export { createSflowDecoder, type SflowDecoder } from './decoder.ts';
export type { Packet } from './packet.ts';
export type { PacketSample } from './sample.ts';
export type { SflowMalformed, SflowStats } from './stats.ts';
