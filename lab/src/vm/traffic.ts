import { LabError } from '../errors.ts';

/** What a probe guest answers and asks for, all the time. The guest's side is guest/traffic.pl. */
export type Service = 'http' | 'db' | 'dns' | 'bulk';

export type TrafficItem =
  | { readonly serve: Service; readonly port: number }
  | {
      readonly call: Service | 'ping';
      readonly to: string;
      /** Absent for ping. */
      readonly port?: number;
      /** Mean pause between two requests, in seconds; the guest varies it by half. */
      readonly everyS: number;
    };

export type Traffic = readonly TrafficItem[];

/** The kernel's command line may have 2,047 bytes on x86 (COMMAND_LINE_SIZE); this leaves room for the rest. */
const LIMIT = 1500;

/** `s,http,80;c,db,10.77.0.12,5432,0.5`: the form in which a guest gets its traffic on the kernel's command line. */
export function encodeTraffic(traffic: Traffic): string {
  const text = traffic
    .map((item) =>
      'serve' in item ? `s,${item.serve},${item.port}` : `c,${item.call},${item.to},${item.port ?? 0},${item.everyS}`,
    )
    .join(';');
  if (!/^[a-zA-Z0-9.,:;-]*$/.test(text))
    throw new LabError('LAB_VM', `Traffic has a character that may not be: ${text}`);
  if (text.length > LIMIT) throw new LabError('LAB_VM', `Traffic takes ${text.length} characters of at most ${LIMIT}`);
  return text;
}
