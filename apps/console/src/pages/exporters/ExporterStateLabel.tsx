import type { SeenExporter } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { AlertIcon, AllowIcon, PendingIcon, WarningIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { type ExporterState, stateOf } from './exporter-state.ts';

const LOOK = {
  heard: { tone: 'green', icon: AllowIcon },
  silent: { tone: 'orange', icon: WarningIcon },
  failed: { tone: 'red', icon: AlertIcon },
  unknown: { tone: 'grey', icon: PendingIcon },
} as const satisfies Record<ExporterState, unknown>;

export function ExporterStateLabel({ exporter }: { readonly exporter: SeenExporter }) {
  const { t } = useTranslation();
  const state = stateOf(exporter);
  return <Status {...LOOK[state]}>{t(`exporters.states.${state}`)}</Status>;
}
