/** Numbers of the pipeline's tables; index.ts tells what each one does. */
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
  owners: 30,
  sourceOwner: 31,
  destinationOwner: 32,
  scope: 33,
  state: 35,
  related: 36,
  emergency: 40,
  platform: 41,
  tenant: 42,
  baseline: 43,
  emergencyReply: 45,
  platformReply: 46,
  tenantReply: 47,
  baselineReply: 48,
  defaults: 49,
  verdict: 60,
  secondOpinion: 61,
  sample: 70,
  commit: 75,
  output: 80,
  flood: 81,
  uplink: 82,
  deny: 90,
} as const;
export type TableName = keyof typeof TABLES;

/**
 * Tables whose flows the switch writes by itself (`learn`): whoever compares the switch with a compiled pipeline leaves
 * them alone.
 */
export const LEARNED_TABLES: readonly number[] = [TABLES.moved];
