import type { MirrorTarget } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** A target in one line. */
export function useTargetText(): (target: MirrorTarget) => string {
  const { t } = useTranslation();
  return useCallback(
    (target) =>
      target.kind === 'capture'
        ? t('mirrors.targets.capture')
        : t('mirrors.tunnelTo', { ...target, protocol: target.protocol.toUpperCase() }),
    [t],
  );
}
