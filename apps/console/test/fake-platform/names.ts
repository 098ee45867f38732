import type { Flow, NameEntry } from '@hypervigil/model';

/** What a gateway wrote down of the flows that it inspected: the question for the name, then the greeting. */
export const demoNames = (flows: readonly Flow[]): NameEntry[] =>
  flows.flatMap(({ id, startedAt, hostId, networkId, src, dst, inspection }) => {
    if (inspection === null || inspection.name === null) return [];
    const { gatewayNum, gatewayId, name } = inspection;
    const common = { at: startedAt, hostId, networkId, gatewayNum, gatewayId, src, dst, name };
    return [
      { ...common, id: `${id}t`, protocol: 6, kind: 'tls' as const, details: { version: 'TLSv1.3' } },
      {
        ...common,
        id: `${id}d`,
        protocol: 17,
        kind: 'dns' as const,
        details: { type: 'A', code: 'NOERROR', answers: dst.ip },
      },
    ];
  });
