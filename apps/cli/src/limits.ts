import type { Client, VmLimits } from '@hypervigil/contract';
import { isForEveryone, LIMIT_VALUES, type Limit, type LimitValues, type NetworkLimitValues } from '@hypervigil/model';
import { CliError } from './errors.ts';

const KBIT = { k: 1, m: 1_000, g: 1_000_000 } as const;

/** `500k`, `100m`, `10g` bits a second, and after a slash what may come at once: `100m/20m`. `none` is no limit. */
export async function readBandwidth(_: Client, text: string): Promise<LimitValues['bandwidthOut']> {
  const [kbps, burstKbit = null] = partsOf(text, /^(\d+(?:\.\d+)?)([kmg])$/i, 'no-bandwidth', (number, unit) =>
    Math.round(Number(number) * KBIT[unit!.toLowerCase() as keyof typeof KBIT]),
  );
  return kbps === undefined ? null : { kbps, burstKbit };
}

/** `100` connections a second, and after a slash how many may come at once: `100/500`. `none` is no limit. */
export async function readConnectionRate(_: Client, text: string): Promise<LimitValues['newOut']> {
  const [perSecond, burst = null] = partsOf(text, /^(\d{1,9})$/, 'no-connection-rate', Number);
  return perSecond === undefined ? null : { perSecond, burst };
}

function partsOf(
  text: string,
  form: RegExp,
  mistake: string,
  read: (...parts: readonly (string | undefined)[]) => number,
): number[] {
  if (text === 'none') return [];
  const parts = text.split('/').map((part) => form.exec(part.trim()));
  if (parts.length > 2 || parts.includes(null)) throw new CliError(mistake, { text });
  return parts.map((part) => read(...(part ?? []).slice(1)));
}

/** A row for each limit that counts for a vNIC, with what it has dropped. */
export const vmLimitRows = ({ vnics, drops }: VmLimits): object[] =>
  vnics.flatMap(({ vnicId, limits }) =>
    limits.map(({ kind, limitName, values }) => {
      const dropped = drops.filter((one) => one.vnicId === vnicId && one.kind === kind);
      return {
        kind,
        value: valueText(values[kind]),
        limit: limitName,
        dropped: dropped.reduce((sum, { droppedPackets }) => sum + droppedPackets, 0),
        now: dropped.some(({ goesOn }) => goesOn),
        vnic: vnicId,
      };
    }),
  );

/** A row for each limit. */
export const limitRows = ({
  items,
}: {
  items: readonly Pick<Limit, 'id' | 'name' | keyof Names | keyof AllValues>[];
}) =>
  items.map(({ id, name, vmIds, groupIds, networkIds, tenantIds, ...values }) => ({
    name,
    for: isForEveryone({ vmIds, groupIds, networkIds, tenantIds })
      ? '*'
      : [...groupIds, ...vmIds, ...networkIds, ...tenantIds],
    ...Object.fromEntries(LIMIT_VALUES.map((kind) => [kind, valueText(values[kind])])),
    id,
  }));
type Names = Parameters<typeof isForEveryone>[0];
type AllValues = LimitValues & NetworkLimitValues;

/** As it is typed. */
function valueText(value: AllValues[keyof AllValues]): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  if ('perSecond' in value) return value.burst === null ? `${value.perSecond}` : `${value.perSecond}/${value.burst}`;
  return value.burstKbit === null ? `${value.kbps}k` : `${value.kbps}k/${value.burstKbit}k`;
}
