import type { MirrorTarget } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';

/** A target in one line. */
export function useTargetText(): (target: MirrorTarget) => string {
  const { t } = useTranslation();
  const groups = useCollection('gatewayGroups').byId;
  return useCallback(
    (target) => {
      switch (target.kind) {
        case 'capture':
          return t('mirrors.targets.capture');
        case 'tunnel':
          return t('mirrors.tunnelTo', { ...target, protocol: target.protocol.toUpperCase() });
        case 'gateway':
          return t('mirrors.gatewaysOf', { name: groups.get(target.groupId)?.name ?? target.groupId });
      }
    },
    [t, groups],
  );
}
