import type { VmLimits } from '@hypervigil/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Dash } from '../../ui/Mono.tsx';
import { DropList } from './DropList.tsx';
import { useLimitText } from './use-limit-text.ts';

interface Props {
  readonly vnicId: string;
  /** Of its VM; undefined while they are read. */
  readonly limits: VmLimits | undefined;
}

/** Which limits count for a vNIC, and what they have dropped. */
export function VnicLimits({ vnicId, limits }: Props) {
  const { t } = useTranslation();
  const textOf = useLimitText();
  if (limits === undefined) return <Dash />;
  const counting = limits.vnics.find((one) => one.vnicId === vnicId)?.limits ?? [];
  const drops = limits.drops.filter((one) => one.vnicId === vnicId);
  return (
    <>
      {counting.length === 0 && <span className="hv-muted">{t('limits.ofVnicNone')}</span>}
      {counting.map(({ kind, limitId, limitName, values }) => (
        <div key={kind} className="hv-row">
          <span>
            {t(`limits.kinds.${kind}`)} {textOf(values[kind])}
          </span>
          <Link to="/limits" search={{ id: limitId }}>
            {limitName}
          </Link>
        </div>
      ))}
      {drops.length > 0 && <DropList drops={drops} />}
    </>
  );
}
