import type { Id, Peer, Service } from '@hypervigil/model';
import { contains, formatBlock, parseBlock } from '../address.ts';
import type { CloudState } from '../cloud.ts';
import { compareText } from '../order.ts';
import { createPlacer, type Placed } from '../traffic.ts';
import { type Assembled, assemble, type Fact, toPeer } from './assemble.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { type Outlier, type OutlierReason, type Seen, scanners, sourceOf } from './outliers.ts';
import { type IsTaken, outsideBlocks, takenBy } from './outside-blocks.ts';
import { seenServices, serviceKey } from './seen-services.ts';
import { createVocabulary, type Node, nodeOf, type Part, partKey, type Vocabulary } from './vocabulary.ts';

/** Whom rules are wanted for. */
export type Subject = { readonly groupId: Id } | { readonly tenantId: Id };

interface RecommendedRule {
  readonly from: Peer;
  readonly to: Peer;
  readonly services: readonly Service[];
  readonly evidence: Evidence;
}

export interface Recommendation<T> {
  /** Whose policy it would be; null is the provider's. */
  readonly tenantId: Id | null;
  /** Allow rules: what comes in, what stays within, what goes out. */
  readonly rules: readonly RecommendedRule[];
  readonly outliers: readonly Outlier<T>[];
  /** What the rules allow. */
  readonly learnt: readonly T[];
}

type Way = 'in' | 'within' | 'out';

const NOBODY: ReadonlySet<Id> = new Set();

interface Lesson<T> {
  readonly talk: T;
  readonly placed: Placed;
  readonly way: Way;
}

/**
 * The smallest set of rules, in the words of groups, that allows what was seen of a group or tenant and nothing between parts
 * that never talked. Deterministic: the same cloud and talks give the same rules. Yields between parts of the work.
 * @param windowDays of how many days the talks are
 */
export function* recommend<T extends Seen>(
  cloud: CloudState,
  subject: Subject,
  talks: readonly T[],
  windowDays: number,
): Generator<void, Recommendation<T>> {
  const tenantId = tenantOf(cloud, subject);
  const vocabulary = createVocabulary(cloud, tenantId);
  const nodes = vocabulary.membersOf(
    'groupId' in subject ? { kind: 'group', id: subject.groupId } : { kind: 'tenant', id: subject.tenantId },
  );
  yield;
  const lessons: Lesson<T>[] = [];
  const outliers: Outlier<T>[] = [];
  const place = createPlacer(cloud);
  const scanning = scanners(talks);
  yield;
  const vms = new Map(cloud.vms.map((vm) => [vm.id, vm]));
  const isNone = !cloud.tenants.some(({ id }) => id === tenantId);
  const isForeign = (ids: ReadonlySet<Id>): boolean =>
    tenantId !== null && [...ids].some((id) => isNone || vms.get(id)!.tenantId !== tenantId);
  // Of an address that VMs of two tenants have, a tenant's name does not speak: it is said as an address.
  const nameable = (ids: ReadonlySet<Id>): ReadonlySet<Id> =>
    new Set([...ids].map((id) => vms.get(id)!.tenantId)).size > 1 ? NOBODY : ids;
  for (const talk of talks) {
    const placed = place(talk);
    const way = placed && wayOf(placed, talk, nodes);
    if (placed && way === undefined) continue;
    const reason = whyNot(talk, placed, scanning, isForeign);
    if (reason !== undefined) outliers.push({ talk, reason });
    else lessons.push({ talk, placed: placed!, way: way! });
  }
  yield;
  const nameNear = nearParts(subject, lessons, nodes, vocabulary);
  const isTaken = takenBy(cloud.vms.flatMap(({ vnics }) => vnics.flatMap(({ ipv4, ipv6 }) => [...ipv4, ...ipv6])));
  const rules: Assembled<T>[] = [];
  for (const way of ['in', 'within', 'out'] as const) {
    const some = lessons.filter((lesson) => lesson.way === way);
    const facts: Fact<T>[] = [];
    for (const [, together] of Map.groupBy(some, (lesson) => partKey(nameNear(lesson)))) {
      // Within a group both sides are the group, whoever of it was met.
      const isOneself = way === 'within' && 'groupId' in subject;
      facts.push(...factsOf(together, nameNear(together[0]!), vocabulary, { isTaken, isOneself, nameable }));
      yield;
    }
    const [kept, once] = [facts.filter(isRepeated), facts.filter((fact) => !isRepeated(fact))];
    outliers.push(...once.flatMap((fact) => fact.talks.map((talk) => ({ talk, reason: 'once' as const }))));
    rules.push(...assemble(kept, way === 'in' ? 'to' : 'from'));
  }
  const placedOf = new Map(lessons.map(({ talk, placed }) => [talk, placed]));
  return {
    tenantId,
    rules: rules.map((rule) => ({
      from: toPeer(rule.from),
      to: toPeer(rule.to),
      services: rule.services,
      evidence: evidenceOf(rule, placedOf, vocabulary, windowDays),
    })),
    outliers,
    learnt: [...new Set(rules.flatMap(({ facts }) => facts.flatMap((fact) => fact.talks)))],
  };
}

function tenantOf({ groups }: CloudState, subject: Subject): Id | null {
  if ('tenantId' in subject) return subject.tenantId;
  return groups.find(({ id }) => id === subject.groupId)?.tenantId ?? null;
}

const nodesOf = (ids: ReadonlySet<Id>, { networkId }: Seen): Node[] =>
  [...ids].map((id) => nodeOf(id, networkId)).sort();

function wayOf({ src, dst }: Placed, talk: Seen, nodes: ReadonlySet<Node>): Way | undefined {
  const [from, to] = [src, dst].map((ids) => nodesOf(ids, talk).some((node) => nodes.has(node)));
  if (from && to) return 'within';
  return from ? 'out' : to ? 'in' : undefined;
}

function whyNot(
  talk: Seen,
  placed: Placed | undefined,
  scanning: ReadonlySet<string>,
  isForeign: (ids: ReadonlySet<Id>) => boolean,
): OutlierReason | undefined {
  if (!placed) return 'moved';
  if (scanning.has(sourceOf(talk))) return 'scan';
  if (talk.verdict !== 'allow') return 'denied';
  if (isForeign(placed.src) || isForeign(placed.dst)) return 'other-tenant';
  return isLinkLocal(talk.src.ip) || isLinkLocal(talk.dst.ip) ? 'link-local' : undefined;
}

/** RFC 4291, 2.5.6; what a VM has without anybody's giving. */
const isLinkLocal = (ip: string): boolean => /^fe[89ab]/i.test(ip);

/** What the near side of a rule is called: the group, or what of the tenant the VM is. */
function nearParts<T extends Seen>(
  subject: Subject,
  lessons: readonly Lesson<T>[],
  nodes: ReadonlySet<Node>,
  vocabulary: Vocabulary,
): (lesson: Lesson<T>) => Part {
  if ('groupId' in subject) return () => ({ kind: 'group', id: subject.groupId });
  const near = ({ talk, way, placed }: Lesson<T>): Node =>
    nodesOf(way === 'in' ? placed.dst : placed.src, talk).find((node) => nodes.has(node))!;
  const cover = vocabulary.cover(new Set(lessons.map(near)));
  return (lesson) => cover.get(near(lesson))!;
}

interface Naming {
  readonly isTaken: IsTaken;
  /** Whoever was met is called what the near side is called. */
  readonly isOneself: boolean;
  /** Those of an address's VMs of whom names can speak: all or none. */
  readonly nameable: (ids: ReadonlySet<Id>) => ReadonlySet<Id>;
}

/**
 * What lessons with one near side say, service by service, in the words that fit who was met on it.
 */
function factsOf<T extends Seen>(
  lessons: readonly Lesson<T>[],
  near: Part,
  vocabulary: Vocabulary,
  { isTaken, isOneself, nameable }: Naming,
): Fact<T>[] {
  const { way } = lessons[0]!;
  const serviceOf = seenServices(lessons.map(({ talk }) => talk));
  const far = ({ talk, placed }: Lesson<T>) =>
    way === 'in'
      ? { ip: talk.src.ip, node: nodesOf(nameable(placed.src), talk)[0] }
      : { ip: talk.dst.ip, node: nodesOf(nameable(placed.dst), talk)[0] };
  const byService = Map.groupBy(lessons, ({ talk }) => serviceKey(serviceOf(talk)));
  return [...byService]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, some]) => {
      const service = serviceOf(some[0]!.talk);
      const ends = new Map(some.map((lesson) => [lesson, far(lesson)]));
      const met = new Set([...ends.values()].flatMap(({ node }) => node ?? []));
      const cover = isOneself ? undefined : vocabulary.cover(met);
      const outside = [...ends.values()].flatMap(({ ip, node }) => (node === undefined ? [ip] : []));
      const blocks = blockFinder(outside, isTaken);
      const partOf = (lesson: Lesson<T>): Part => {
        const { ip, node } = ends.get(lesson)!;
        if (!cover) return near;
        return node === undefined ? { kind: 'block', cidr: blocks(ip) } : cover.get(node)!;
      };
      return [...Map.groupBy(some, (lesson) => partKey(partOf(lesson))).values()].map((together): Fact<T> => {
        const part = partOf(together[0]!);
        const ends = way === 'in' ? { from: part, to: near } : { from: near, to: part };
        return { ...ends, service, talks: together.map(({ talk }) => talk) };
      });
    });
}

/** Which of the blocks for some outside addresses holds each of them. */
function blockFinder(addresses: readonly string[], isTaken: IsTaken): (ip: string) => string {
  const blocks = outsideBlocks(addresses, isTaken).flatMap((text) => parseBlock(text) ?? []);
  return (ip) => formatBlock(blocks.find((block) => contains(block, parseBlock(ip)!))!);
}

const isRepeated = ({ talks }: Fact<Seen>): boolean => talks.length > 1 || talks[0]!.flows > 1;
