import type { Service } from './policy.ts';

/** `tcp/443,8443`, `udp/53`, `icmp`, `icmp/8`, `icmp/3/1`, `ip/50`: as people write services, and back. */
export function writeService(service: Service): string {
  switch (service.protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return service.ports.length === 0 ? service.protocol : `${service.protocol}/${service.ports.join(',')}`;
    case 'icmp':
    case 'icmpv6':
      return [service.protocol, service.type, service.code].filter((part) => part !== undefined).join('/');
    case 'ip':
      return `ip/${service.number}`;
  }
}

/** Undefined when it is none. Ranges and limits are the platform's to judge; it names the field. */
export function parseService(line: string): Service | undefined {
  const [protocol, first, second, ...more] = line.trim().toLowerCase().split('/');
  if (more.length > 0) return undefined;
  const number = (text: string | undefined) =>
    text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
  switch (protocol) {
    case 'tcp':
    case 'udp':
    case 'sctp': {
      const ports = first === undefined ? [] : first.split(',').map((port) => port.trim());
      return second === undefined && ports.every((port) => /^\d{1,5}(-\d{1,5})?$/.test(port))
        ? { protocol, ports }
        : undefined;
    }
    case 'icmp':
    case 'icmpv6': {
      if (first === undefined) return { protocol };
      const type = number(first);
      if (type === undefined) return undefined;
      if (second === undefined) return { protocol, type };
      const code = number(second);
      return code === undefined ? undefined : { protocol, type, code };
    }
    case 'ip': {
      const value = number(first);
      return value === undefined || second !== undefined ? undefined : { protocol, number: value };
    }
    default:
      return undefined;
  }
}

export function parseServices(lines: readonly string[]): { readonly services: Service[] } | { readonly bad: string } {
  const services: Service[] = [];
  for (const line of lines) {
    const service = parseService(line);
    if (service === undefined) return { bad: line };
    services.push(service);
  }
  return { services };
}
