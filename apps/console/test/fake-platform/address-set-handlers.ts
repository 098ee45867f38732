import type { AddressSet, ThreatSet } from '@hypervigil/model';
import { find, type Handlers, page } from './handlers.ts';
import { ago, HOUR, MINUTE, uuid } from './make.ts';

const set = (n: number, name: string, change: Partial<AddressSet>): AddressSet => ({
  id: uuid('address-set', n),
  num: n,
  name,
  description: '',
  tenantId: null,
  isFed: false,
  entries: 0,
  excluded: 0,
  blocks: { ipv4: 0, ipv6: 0 },
  revision: 1,
  changedAt: ago(3 * HOUR),
  ...change,
});

/** One that people wrote, and one that a feed fills, which has failed since. */
export function addressSetHandlers() {
  const entries = Array.from({ length: 250 }, (_, i) => `198.51.${100 + (i >> 7)}.${(i * 2) & 255}`);
  const offices = set(1, 'offices', {
    description: 'Everywhere we work',
    entries: 2,
    excluded: 1,
    blocks: { ipv4: 9, ipv6: 1 },
  });
  const bad: ThreatSet = {
    ...set(2, '已知恶意地址', { isFed: true, entries: entries.length, blocks: { ipv4: entries.length, ipv6: 0 } }),
    feed: { format: 'stix', csvColumn: null, url: 'https://intelligence.example/indicators.json', everyMinutes: 60 },
    state: {
      source: 'https://intelligence.example/indicators.json',
      fetchedAt: ago(5 * HOUR),
      sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
      bytes: 182_044,
      taken: entries.length,
      leftOut: [
        { reason: 'expired', count: 31, examples: [{ at: 'indicator--7', text: "[ipv4-addr:value = '192.0.2.9']" }] },
        {
          reason: 'not-mapped',
          count: 4,
          examples: [{ at: 'indicator--9', text: "[domain-name:value = 'bad.example']" }],
        },
      ],
      checkedAt: ago(5 * HOUR),
      triedAt: ago(4 * MINUTE),
      nextAt: ago(-11 * MINUTE),
      problem: { code: 'bad-status', params: { status: 503 } },
    },
  };
  const listed: readonly AddressSet[] = [offices, bad];
  return {
    listAddressSets: ({ query }) => page(listed, query),
    getAddressSet: ({ params }) => find(listed, params.id),
    listAddressSetEntries: ({ params, query: { of, ...query } }) => {
      const written = of === 'excluded' ? ['10.0.7.0/24'] : ['10.0.0.0/16', '2001:db8::/32'];
      return page(params.id === bad.id ? entries : written, query);
    },
    listThreatSets: ({ query }) => page([bad], query),
    getThreatSet: () => bad,
    refreshThreatSet: () => bad,
  } satisfies Handlers;
}
