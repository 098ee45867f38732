import { riskNum } from '@hypervigil/model';
import { z } from 'zod';
import type { Detection, Detector } from './detector.ts';
import { timesOf } from './effort.ts';
import { beginEvidence, Evidence, secondsOf, shown, speaks, witness } from './evidence.ts';
import { LeakyBucket, pour } from './leaky-bucket.ts';
import type { Sighting } from './sighting.ts';
import { wordOf } from './word.ts';

/** Networks that hide who speaks to whom; tunnels of companies (WireGuard, OpenVPN, IPsec) are not among them. */
const ANONYMISERS: ReadonlySet<string> = new Set(['Tor', 'HotspotShield']);
const [DGA, CLEAR_TEXT] = [riskNum('suspicious-dga-domain'), riskNum('clear-text-credentials')];

type Kind = 'known-attack' | 'mining' | 'anonymiser' | 'generated-names' | 'clear-text-password';

/** Flows at once, and a minute for ever, that are not told. A name may look generated and be a content network's. */
const ALLOWED = { atOnce: 5, perMinute: 1 } as const;
const SEVERITY: Readonly<Record<Kind, Detection['severity']>> = {
  'known-attack': 'high',
  mining: 'high',
  'generated-names': 'high',
  anonymiser: 'medium',
  'clear-text-password': 'medium',
};
const MAX_ROWS = 3;

const Row = z.object({
  kind: z.enum(['known-attack', 'mining', 'anonymiser', 'generated-names', 'clear-text-password']),
  role: z.enum(['client', 'server']),
  what: z.string().max(64),
  bucket: LeakyBucket,
  flows: z.int().min(0),
  evidence: Evidence,
});
const RecognisedState = z.object({ rows: z.array(Row).max(MAX_ROWS) });
type RecognisedState = z.infer<typeof RecognisedState>;

/**
 * What gateways recognised in a flow and should not be there, by nDPI's applications and risks and by Suricata's signatures. They
 * looked into it: one flow is enough, but for names that look generated. Holds three kinds, of which the oldest gives way: about 3 KB at
 * most.
 */
export const recognised: Detector<RecognisedState> = {
  schema: RecognisedState,
  begin: () => ({ rows: [] }),
  observe: (state, seen) =>
    seen.inspection === null ? [] : findings(seen).flatMap(([kind, what]) => tell(state, seen, kind, wordOf(what))),
  advance: () => [],
};

/** What it is, and in which words of the gateway. */
function findings({ inspection, role }: Sighting): [Kind, string][] {
  if (inspection === null) return [];
  const { applications, risks, signatures } = inspection;
  const attacks = signatures.map(({ id, message }): [Kind, string] => ['known-attack', `${id} ${message}`]);
  if (role === 'server') return attacks;
  const anonymiser = applications.find((one) => ANONYMISERS.has(one));
  return [
    ...attacks,
    ...(applications.includes('Mining') ? [['mining', 'Mining'] as [Kind, string]] : []),
    ...(anonymiser === undefined ? [] : [['anonymiser', anonymiser] as [Kind, string]]),
    ...(risks.includes(DGA!) ? [['generated-names', inspection.name ?? ''] as [Kind, string]] : []),
    ...(risks.includes(CLEAR_TEXT!) ? [['clear-text-password', applications.at(-1) ?? ''] as [Kind, string]] : []),
  ];
}

function tell(state: RecognisedState, seen: Sighting, kind: Kind, what: string): Detection[] {
  const row = rowOf(state, seen, kind, what);
  if (!witness(row.evidence, seen)) return [];
  row.flows++;
  row.what = what;
  const level = pour(row.bucket, 1, seen.endMs, ALLOWED.perMinute / 60);
  if ((kind === 'generated-names' && level < timesOf(seen, kind) * ALLOWED.atOnce) || !speaks(row.evidence)) return [];
  const isOutside = seen.role === 'server' && seen.peer.vmId === null;
  return [
    {
      code: kind,
      side: seen.role === 'client' ? 'source' : 'target',
      severity: SEVERITY[kind],
      reason: isOutside ? 'from-outside' : 'looked-into',
      about: kind === 'known-attack' ? what.split(' ')[0]! : '',
      expected: {},
      seen: { what, flows: row.flows, port: seen.port, seconds: secondsOf(row.evidence) },
      ...shown(row.evidence),
    },
  ];
}

function rowOf(state: RecognisedState, { role, endMs, startMs }: Sighting, kind: Kind, what: string) {
  const isSame = (row: RecognisedState['rows'][number]) =>
    row.kind === kind && row.role === role && (kind !== 'known-attack' || row.what === what);
  const known = state.rows.find(isSame);
  if (known !== undefined) return known;
  const row = { kind, role, what, bucket: { level: 0, atMs: endMs }, flows: 0, evidence: beginEvidence(startMs) };
  state.rows = [...state.rows, row].slice(-MAX_ROWS);
  return row;
}
