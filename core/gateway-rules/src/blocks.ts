import { type Blocked, type IntentBlocks, type Recognised, riskName } from '@hypervigil/model';

/** What of a rule's blocks a connection turned out to be, the application before the name and the risk; undefined for nothing of it. */
export function blockedBy(blocks: IntentBlocks, { applications, name, risks }: Recognised): Blocked | undefined {
  // Of the names there is one with a dot in it, which also stands between the carrier and what it carries.
  const seen = new Set([...applications, applications.join('.')]);
  const application = blocks.applications.find((one) => seen.has(one));
  if (application !== undefined) return { by: 'application', what: application };
  const pattern = name === null ? undefined : blockedName(blocks, name);
  if (pattern !== undefined) return { by: 'name', what: pattern };
  const risk = blocks.risks.find((num) => risks.includes(num));
  return risk === undefined ? undefined : { by: 'risk', what: riskName(risk) ?? String(risk) };
}

/** The pattern of a rule's blocks that a name answers to: `*.example.com` is everything below, and not the name itself. */
export function blockedName({ names }: Pick<IntentBlocks, 'names'>, name: string): string | undefined {
  const plain = canonicalName(name);
  return names.find((pattern) => (pattern.startsWith('*.') ? plain.endsWith(pattern.slice(1)) : plain === pattern));
}

/** Names are without case (RFC 4343), and the root's dot may be written or not. */
const canonicalName = (name: string) => name.toLowerCase().replace(/\.$/, '');
