import type { Id, RuleLimits } from '@hypervigil/model';
import fc from 'fast-check';
import type { CloudLimit } from '../cloud.ts';
import { idOf, nums } from './ids.ts';

/** Rates go into the document as they are, so they are objects as any other. */
const WHOLE = { noNullPrototype: true } as const;
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const bandwidth = maybe(
  fc.record({ kbps: fc.constantFrom(100, 10_000), burstKbit: fc.constantFrom(null, 700, 50_000) }, WHOLE),
);
const connectionRate = maybe(
  fc.record({ perSecond: fc.constantFrom(5, 500), burst: fc.constantFrom(null, 1, 900) }, WHOLE),
);

const open = maybe(fc.constantFrom(10, 100));

export const ruleLimits: fc.Arbitrary<RuleLimits> = fc.record(
  { bandwidth, newConnections: connectionRate, open },
  WHOLE,
);

const seldomOne = (...ids: Id[]): fc.Arbitrary<Id[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Id[]>([]) },
    { weight: 1, arbitrary: fc.constantFrom(...ids).map((id) => [id]) },
  );

export const cloudLimit = (n: number): fc.Arbitrary<CloudLimit> =>
  fc.record({
    id: fc.constant(idOf('limit', n)),
    num: fc.constant(n),
    vmIds: fc.uniqueArray(fc.constantFrom(...nums(6).map((vm) => idOf('vm', vm))), { maxLength: 2 }),
    groupIds: fc.uniqueArray(fc.constantFrom(...nums(4).map((group) => idOf('group', group))), { maxLength: 2 }),
    networkIds: seldomOne(idOf('network', 1), idOf('network', 2)),
    tenantIds: seldomOne(idOf('tenant', 1), idOf('tenant', 2)),
    bandwidthOut: bandwidth,
    bandwidthIn: bandwidth,
    newOut: connectionRate,
    newIn: connectionRate,
    open,
    networkOpen: maybe(fc.constantFrom(500, 20_000)),
  });
