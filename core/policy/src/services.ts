import type { IntentService, Service } from '@hypervigil/model';
import { compareText } from './order.ts';
import { PROTOCOL } from './packet.ts';

const ANY = { ports: null, icmp: null } as const;

/** The fewest neutral services that match exactly what `services` match; ranges that touch are joined. */
export function compileServices(services: readonly Service[]): IntentService[] {
  const all = services.flatMap(expand);
  const kept = all.filter((one, i) => !all.some((other, j) => covers(other, one) && (i > j || !covers(one, other))));
  return joinRanges(kept).sort((a, b) => compareText(sortKey(a), sortKey(b)));
}

function expand(service: Service): IntentService[] {
  switch (service.protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp': {
      const base = { family: 'ip', protocol: PROTOCOL[service.protocol], ...ANY } as const;
      return service.ports.length === 0 ? [base] : service.ports.map((text) => ({ ...base, ports: range(text) }));
    }
    case 'icmp':
    case 'icmpv6': {
      const icmp = service.type === undefined ? null : { type: service.type, code: service.code ?? null };
      const family = service.protocol === 'icmp' ? 'ipv4' : 'ipv6';
      return [{ family, protocol: PROTOCOL[service.protocol], ports: null, icmp }];
    }
    case 'ip':
      return [{ family: 'ip', protocol: service.number, ...ANY }];
  }
}

function range(text: string): { first: number; last: number } {
  const [first = 0, last = first] = text.split('-').map(Number);
  return { first, last };
}

function covers(outer: IntentService, inner: IntentService): boolean {
  return (
    (outer.family === 'ip' || outer.family === inner.family) &&
    (outer.protocol === null || outer.protocol === inner.protocol) &&
    (outer.ports === null ||
      (inner.ports !== null && outer.ports.first <= inner.ports.first && outer.ports.last >= inner.ports.last)) &&
    (outer.icmp === null ||
      (inner.icmp !== null &&
        outer.icmp.type === inner.icmp.type &&
        (outer.icmp.code === null || outer.icmp.code === inner.icmp.code)))
  );
}

function joinRanges(services: readonly IntentService[]): IntentService[] {
  const joined: IntentService[] = [];
  const byStart = [...services].sort((a, b) => (a.ports?.first ?? 0) - (b.ports?.first ?? 0));
  for (const service of byStart) {
    const open = joined.findLast((one) => one.protocol === service.protocol && one.family === service.family);
    if (open?.ports && service.ports && service.ports.first <= open.ports.last + 1)
      open.ports = { first: open.ports.first, last: Math.max(open.ports.last, service.ports.last) };
    else joined.push({ ...service });
  }
  return joined;
}

function sortKey({ family, protocol, ports, icmp }: IntentService): string {
  const numbers = [protocol, ports?.first, icmp?.type, icmp?.code].map((n) => String(n ?? 0).padStart(5, '0'));
  return [family, ...numbers].join(' ');
}
