import type { FlowEdge } from '@hypervigil/contract';
import type { FlowQuery } from '../../data/queries.ts';
import type { SceneLink } from '../../map/scene.ts';

/** The table shows what is chosen in the picture: the flows of a VM, of an address, or of one line. */
export function narrowTo(query: FlowQuery, link: SceneLink | undefined, selected: string | undefined): FlowQuery {
  if (link !== undefined) {
    const first = link.edges[0]!;
    const same = <T>(of: (edge: FlowEdge) => T) => link.edges.every((edge) => of(edge) === of(first));
    const src = same((edge) => edge.src.vmId) && first.src.vmId !== null ? first.src.vmId : undefined;
    const dst = same((edge) => edge.dst.vmId) && first.dst.vmId !== null ? first.dst.vmId : undefined;
    const address = src === undefined ? first.src.ip : dst === undefined ? first.dst.ip : undefined;
    const single = src !== undefined || dst !== undefined;
    return {
      ...query,
      verdict: link.verdict,
      ...(src !== undefined ? { vmId: src } : dst !== undefined ? { vmId: dst } : {}),
      ...(src !== undefined && dst !== undefined ? { peerVmId: dst } : {}),
      ...(single && address !== undefined && same((edge) => (src === undefined ? edge.src.ip : edge.dst.ip))
        ? { address }
        : {}),
      ...(same((edge) => edge.port) ? { port: first.port } : {}),
      ...(same((edge) => edge.protocol) ? { protocol: first.protocol } : {}),
    };
  }
  if (selected === undefined || selected.startsWith('cluster:') || selected.includes('→')) return query;
  if (selected === 'ip:*') return query;
  return selected.startsWith('ip:') ? { ...query, address: selected.slice(3) } : { ...query, vmId: selected };
}
