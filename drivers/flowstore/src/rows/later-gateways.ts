import type { FlowGateway } from '@hypervigil/model';

/** Gateways of a chain in one column, ` 13:ID 14: `: each between blanks, its number and its id if anybody knows it. */
export const formatGateways = (gateways: readonly FlowGateway[]): string | null =>
  gateways.length === 0
    ? null
    : ` ${gateways.map(({ gatewayNum, gatewayId }) => `${gatewayNum}:${gatewayId ?? ''}`).join(' ')} `;

export function parseGateways(text: string | null): FlowGateway[] {
  return (text ?? '')
    .split(' ')
    .filter(Boolean)
    .map((one) => {
      const colon = one.indexOf(':');
      return { gatewayNum: Number(one.slice(0, colon)), gatewayId: one.slice(colon + 1) || null };
    });
}

/** What stands in the column where a gateway with this id does. */
export const withGateway = (id: string): string => `:${id} `;
