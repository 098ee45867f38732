import type { SimulatedChange } from '@hypervigil/contract';
import { protocolName, serviceName } from '../ui/format.ts';

/** Everything recorded between two addresses on one service. */
export type Talk = Pick<
  SimulatedChange,
  'network' | 'src' | 'dst' | 'protocol' | 'port' | 'icmpType' | 'icmpCode' | 'flows' | 'bytes' | 'firstAt' | 'lastAt'
>;

export const talkId = ({ network, src, dst, protocol, port, icmpType, icmpCode }: Talk): string =>
  [network?.id, src.ip, dst.ip, protocol, port, icmpType, icmpCode].join(' ');

export const endName = ({ vm, ip }: Talk['src']): string => vm?.name ?? ip;

export const talkService = ({ protocol, port, icmpType, icmpCode }: Talk): string =>
  icmpType === null
    ? serviceName(protocol, port)
    : [protocolName(protocol), icmpType, ...(icmpCode ? [icmpCode] : [])].join('/');

/** What a search looks through. */
export const talkTexts = (talk: Talk): readonly string[] => [
  ...[endName(talk.src), talk.src.ip, endName(talk.dst), talk.dst.ip],
  talkService(talk),
];

/** The filter of the flow list that shows the connections of a talk, and those the other way. */
export function flowsOf({ src, dst, protocol, port, firstAt, lastAt }: Talk): Record<string, string> {
  const [first, second] = src.vm === null ? [dst.vm, src.vm] : [src.vm, dst.vm];
  return {
    from: firstAt,
    to: new Date(Date.parse(lastAt) + 1_000).toISOString(),
    protocol: protocolName(protocol),
    ...(port > 0 ? { port: String(port) } : {}),
    ...(first === null ? {} : { vm: first.id }),
    ...(second === null ? { address: src.vm === null ? src.ip : dst.ip } : { peer: second.id }),
  };
}
