import type { DetectorRecord } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { detectorsOptions } from '../../data/queries.ts';
import { EntityTable } from '../../ui/EntityTable.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { May } from '../../ui/May.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useNarrowed } from '../../ui/use-narrowed.tsx';
import { useAlertText } from './use-alert-text.ts';

const COUNTED = ['open', 'true', 'false', 'expected', 'exceptions', 'swallowed'] as const;
const NARROW: ReadonlySet<string> = new Set(['true', 'false']);
const idOf = ({ code }: DetectorRecord) => code;

/** How right each detector is, by what people made of its alerts. */
export function DetectorsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const { data, isPending, error, refetch } = useQuery(detectorsOptions);
  const columns = useMemo<readonly Column<DetectorRecord>[]>(
    () => [
      {
        ...{ id: 'what', header: t('alerts.what'), width: 160 },
        text: ({ code }) => alertText.title(code),
        cell: ({ code }) => alertText.title(code),
      },
      {
        ...{ id: 'technique', header: t('alerts.detectors.technique'), width: 100, from: 'md' },
        text: ({ technique }) => technique,
        cell: ({ technique }) => <Mono>{technique}</Mono>,
      },
      ...COUNTED.map(
        (id): Column<DetectorRecord> => ({
          ...{ id, header: t(`alerts.detectors.${id}`), width: 108, numeric: true },
          ...(NARROW.has(id) ? {} : { from: 'md' }),
          text: (one) => String(one[id]),
          sort: (one) => one[id],
          cell: (one) => format.count(one[id]),
        }),
      ),
    ],
    [t, format, alertText],
  );
  const textOf = useCallback(
    ({ code, technique }: DetectorRecord) => [code, technique, alertText.title(code)],
    [alertText],
  );
  const narrowed = useNarrowed(data?.items, textOf);
  return (
    <PageFrame
      fill
      title={t('alerts.detectors.title')}
      subtitle={t('alerts.detectors.question')}
      parent={{ to: '/alerts', label: t('alerts.title') }}
      actions={
        <May permission="detector:read">
          <LinkButton to="/alerts/detectors/settings">{t('detectorSettings.title')}</LinkButton>
        </May>
      }
    >
      <ListFrame loading={isPending} error={error} retry={() => void refetch()} empty={false}>
        <EntityTable
          name="detectors"
          label={t('alerts.detectors.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={({ code }) => alertText.title(code)}
          defaultOrder="-false"
        />
      </ListFrame>
    </PageFrame>
  );
}
