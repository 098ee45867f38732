/** A rule about what a connection turned out to be. Null fields match anything; at least one is not null. */
export interface ApplicationRule {
  readonly num: number;
  readonly action: 'allow' | 'deny';
  /** Names of protocols and services as the detector writes them, without regard to case: `TLS`, `BitTorrent`. */
  readonly applications: readonly string[] | null;
  /** Host names (TLS, HTTP, DNS): `example.com` is that name alone, `.example.com` it and everything below it. */
  readonly names: readonly string[] | null;
  /** Numbers of the detector's risks. */
  readonly risks: readonly number[] | null;
}

/** What a detector made of a connection. */
export interface Recognised {
  /** From the carrier to what it carries: `TLS`, `Wikipedia`. */
  readonly applications: readonly string[];
  readonly name: string | null;
  readonly risks: readonly number[];
}

/** The first rule that speaks of what was recognised, or undefined. */
export function applicationVerdict<R extends ApplicationRule>(rules: readonly R[], seen: Recognised): R | undefined {
  const applications = new Set(seen.applications.map((name) => name.toLowerCase()));
  const name = seen.name === null ? null : canonicalName(seen.name);
  return rules.find(
    (rule) =>
      (rule.applications === null || rule.applications.some((one) => applications.has(one.toLowerCase()))) &&
      (rule.names === null || (name !== null && rule.names.some((pattern) => isNamed(pattern, name)))) &&
      (rule.risks === null || rule.risks.some((risk) => seen.risks.includes(risk))),
  );
}

/** Names are without case (RFC 4343), and the root's dot may be written or not. */
const canonicalName = (name: string) => name.toLowerCase().replace(/\.$/, '');

function isNamed(pattern: string, name: string): boolean {
  const wanted = canonicalName(pattern);
  return wanted.startsWith('.') ? name === wanted.slice(1) || name.endsWith(wanted) : name === wanted;
}
