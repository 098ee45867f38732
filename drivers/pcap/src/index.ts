export { createPcapReader, type PcapEvents, type PcapRecord } from './reader.ts';
