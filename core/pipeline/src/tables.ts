import { TIERS, type Tier } from '@hypervigil/model';

/** Numbers of the pipeline's tables; docs/adr/0002-openflow-pipeline.md tells what each one does. */
export const TABLES = {
  classify: 0,
  spoof: 10,
  neighbour: 11,
  trunk: 15,
  resolve: 16,
  locate: 18,
  destination: 20,
  moved: 21,
  addressee: 22,
  conntrack: 25,
  onLink: 26,
  owners: 30,
  sourceOwner: 31,
  destinationOwner: 32,
  scope: 33,
  state: 35,
  related: 36,
  relatedRule: 37,
  sourceSets: 38,
  destinationSets: 39,
  emergency: 40,
  platform: 41,
  tenant: 42,
  baseline: 43,
  emergencyReply: 45,
  platformReply: 46,
  tenantReply: 47,
  baselineReply: 48,
  defaults: 49,
  pending: 50,
  pendingVerdict: 51,
  pendingOpinion: 52,
  pendingSample: 53,
  verdict: 60,
  secondOpinion: 61,
  chain: 62,
  gateway: 63,
  noGateway: 64,
  inspection: 65,
  mirrored: 66,
  mirrorOfRule: 67,
  mirror: 68,
  mirrorDrawn: 69,
  sample: 70,
  record: 71,
  commit: 75,
  steer: 77,
  returned: 78,
  output: 80,
  flood: 81,
  uplink: 82,
  mirrorTo: 83,
  secondLink: 84,
  thirdLink: 85,
  between: 86,
  arrived: 87,
  onward: 88,
  secondInspection: 89,
  thirdInspection: 79,
  deny: 90,
  reject: 91,
  limits: 92,
  newOut: 93,
  newIn: 94,
  newOfRule: 95,
  bandwidthOfRule: 96,
} as const;
export type TableName = keyof typeof TABLES;

/**
 * Tables whose flows the switch writes by itself (`learn`): whoever compares the switch with a compiled pipeline leaves
 * them alone.
 */
export const LEARNED_TABLES: readonly number[] = [TABLES.moved];

/** The rules stand twice: asked about a packet as it is, and about one that answers. */
export const WAYS = ['original', 'reply'] as const;
export type Way = (typeof WAYS)[number];

export const TIER_TABLES: Record<Way, Record<Tier, TableName>> = {
  original: { emergency: 'emergency', platform: 'platform', tenant: 'tenant', baseline: 'baseline' },
  reply: { emergency: 'emergencyReply', platform: 'platformReply', tenant: 'tenantReply', baseline: 'baselineReply' },
};

/** Where a packet goes on that a tier has not decided. */
export function afterTier(way: Way, tier: Tier): TableName {
  const next = TIERS[TIERS.indexOf(tier) + 1];
  return next ? TIER_TABLES[way][next] : 'defaults';
}
