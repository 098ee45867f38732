import type { GatewayName, GatewayRecognised } from '@hypervigil/contract';

/** What nDPI says of a connection, in our words. */
export interface Finding {
  readonly recognised: GatewayRecognised;
  readonly kind: GatewayName['kind'];
  readonly details: Readonly<Record<string, string>>;
}

/** What is worth keeping of each protocol's own facts. */
const DETAILS = {
  dns: ['query_type', 'reply_code', 'rsp_addr'],
  tls: ['version', 'ja3', 'ja3s', 'subjectDN', 'issuerDN', 'alpn'],
  http: ['url', 'code', 'user_agent'],
} as const;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const MAX_TEXT = 255;
const text = (value: unknown) =>
  (typeof value === 'string' || typeof value === 'number') && value !== ''
    ? String(value).slice(0, MAX_TEXT)
    : undefined;

/** Reads nDPI's JSON (ndpi_dpi2json). Undefined while it knows neither application nor risk, and for anything else than that. */
export function readFinding(json: string): Finding | undefined {
  let all: unknown;
  try {
    all = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isObject(all) || !isObject(all['ndpi'])) return undefined;
  const { proto, flow_risk: risk } = all['ndpi'];
  const names = text(proto);
  const risks = isObject(risk) ? Object.keys(risk).map(Number).filter(isRisk).slice(0, 64) : [];
  if (names === undefined || (names === 'Unknown' && risks.length === 0)) return undefined;
  const section = (name: string): Json => (isObject(all[name]) ? all[name] : {});
  const kind = 'dns' in all ? 'dns' : 'tls' in all || 'quic' in all ? 'tls' : 'http' in all ? 'http' : 'other';
  const facts = { ...section('quic'), ...section(kind) };
  const name = facts['query'] ?? facts['client_requested_server_name'] ?? facts['hostname'] ?? all['hostname'];
  const wanted: readonly string[] = kind === 'other' ? [] : DETAILS[kind];
  return {
    recognised: {
      applications: names === 'Unknown' ? [] : names.split('.').slice(0, 8),
      name: text(name) ?? null,
      risks,
    },
    kind,
    details: Object.fromEntries(
      wanted.flatMap((key) => {
        const value = text(facts[key]);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}

const isRisk = (number: number) => Number.isInteger(number) && number >= 0 && number < 64;
