import type { LimitDrops } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { VmLink } from '../../ui/links.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';

interface Props {
  readonly drops: readonly LimitDrops[];
  /** Where it is not plain of which VM they are. */
  readonly withVm?: boolean;
}

/** What limits have dropped: of whom, how much, and whether it goes on. */
export function DropList({ drops, withVm = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="hv-plain-list">
      {drops.map(({ vmId, vmName, vnicId, hostId, kind, droppedPackets, droppedBytes, goesOn, lastAt }) => (
        <li key={`${hostId} ${vnicId} ${kind}`}>
          {withVm && <VmLink id={vmId}>{vmName}</VmLink>}
          <span>{t(`limits.kinds.${kind}`)}</span>
          <span>{t('limits.dropped', { count: droppedPackets, bytes: format.bytes(droppedBytes) })}</span>
          <span className="hv-muted">
            {goesOn ? t('limits.goesOn') : t('limits.ended')} · <RelativeTime at={lastAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
