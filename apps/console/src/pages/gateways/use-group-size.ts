import type { GatewayGroup } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

/** `2`, or `1 to 4` when the number follows the load. */
export function useGroupCount(): (group: GatewayGroup) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    ({ perHost, maxPerHost }) =>
      perHost === maxPerHost
        ? format.count(perHost)
        : t('gatewayGroups.perHostRange', { least: perHost, most: maxPerHost }),
    [t, format],
  );
}

/** `2 vCPUs, 512 MiB` */
export function useSize(): (vcpus: number, memoryMiB: number) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (vcpus, memoryMiB) => t('gatewayGroups.sizeOf', { count: vcpus, memory: format.bytes(memoryMiB * 2 ** 20) }),
    [t, format],
  );
}

/** Of each gateway. */
export function useGroupSize(): (group: GatewayGroup) => string {
  const size = useSize();
  return useCallback(({ vcpus, memoryMiB }) => size(vcpus, memoryMiB), [size]);
}
