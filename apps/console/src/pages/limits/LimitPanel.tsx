import { LIMIT_VALUES, type Limit } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { limitDropsOptions } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { DropList } from './DropList.tsx';
import { LimitedNames } from './LimitedNames.tsx';
import { useLimitText } from './use-limit-text.ts';

interface Props {
  readonly limit: Limit;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** What a limit says, of whom, and what it has dropped. */
export function LimitPanel({ limit, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const textOf = useLimitText();
  const drops = (useQuery(limitDropsOptions).data ?? []).filter(({ limitId }) => limitId === limit.id);
  const values = LIMIT_VALUES.flatMap((kind) => {
    const value = textOf(limit[kind]);
    return value === undefined ? [] : [{ name: t(`limits.kinds.${kind}`), value }];
  });
  return (
    <>
      <PanelHead description={limit.description} permission="limit:write" onEdit={onEdit} onRemove={onRemove} />
      <Facts
        narrow
        facts={[
          { name: t('limits.who'), value: <LimitedNames limit={limit} /> },
          ...values,
          { name: t('limits.changed'), value: <RelativeTime at={limit.changedAt} /> },
        ]}
      />
      <p className="hv-muted hv-small">{t('limits.whoHelp')}</p>
      <section>
        <h3>{t('limits.drops')}</h3>
        {drops.length === 0 ? <p className="hv-muted">{t('limits.noDrops')}</p> : <DropList withVm drops={drops} />}
      </section>
    </>
  );
}
