/** A connection that ended, as `conntrack -E -o timestamp` prints it. */
export interface EndedConnection {
  readonly zone: number;
  readonly protocol: number;
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly packets: number;
  readonly bytes: number;
  readonly replyPackets: number;
  readonly replyBytes: number;
  readonly mark: number;
  readonly endMs: number;
  readonly seconds: number;
}

/**
 * `[1700000000.123456]	[DESTROY] ipv4 2 tcp 6 src=… dst=… sport=… dport=… packets=… bytes=… src=… … mark=… zone=… delta-time=…`
 *
 * Undefined for any other line. ICMP has `type=8 code=0 id=…` where others have ports; type and code become the
 * destination port, as conntrack itself keeps them.
 */
export function parseEnded(line: string): EndedConnection | undefined {
  const head = /^\s*\[(\d{1,12})\.(\d{6})\d*\]\s+\[DESTROY\]\s+(?:ipv[46]\s+\d+\s+)?\S+\s+(\d{1,3})\s/.exec(line);
  if (!head) return undefined;
  const values = new Map<string, string[]>();
  for (const [, key = '', value = ''] of line.matchAll(/(?:^|\s)([a-z-]{1,12})=([0-9a-fA-F.:]{1,45})(?=\s|$)/g)) {
    const list = values.get(key) ?? [];
    if (list.length < 2) list.push(value);
    values.set(key, list);
  }
  const text = (key: string, place = 0) => values.get(key)?.[place];
  const number = (key: string, place = 0) => bounded(text(key, place));
  const [srcIp, dstIp] = [text('src'), text('dst')];
  if (srcIp === undefined || dstIp === undefined) return undefined;
  const isIcmp = text('type') !== undefined;
  return {
    zone: number('zone') & 0xffff,
    protocol: Number(head[3]) & 0xff,
    srcIp,
    dstIp,
    srcPort: isIcmp ? 0 : number('sport') & 0xffff,
    dstPort: isIcmp ? ((number('type') & 0xff) << 8) | (number('code') & 0xff) : number('dport') & 0xffff,
    packets: number('packets'),
    bytes: number('bytes'),
    replyPackets: number('packets', 1),
    replyBytes: number('bytes', 1),
    mark: number('mark') % 2 ** 32,
    endMs: Number(head[1]) * 1000 + Math.floor(Number(head[2]) / 1000),
    seconds: number('delta-time'),
  };
}

function bounded(text: string | undefined): number {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  return Number.isSafeInteger(value) ? value : 0;
}
