import type { FlowEnd, NameEntry } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useGatewayName } from '../../data/inspection.ts';
import { useCollection } from '../../data/queries.ts';
import { Mono } from '../../ui/Mono.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useFormat } from '../../ui/use-format.ts';

export function useNameColumns(): readonly Column<NameEntry>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const vms = useCollection('vms').byId;
  const gatewayName = useGatewayName();
  return useMemo(() => {
    const endText = (end: FlowEnd) => [vms.get(end.vmId ?? '')?.name, end.ip].filter(Boolean).join(' ');
    const endCell = (end: FlowEnd) => (
      <span className="hv-end" title={endText(end)}>
        <span className="hv-end__name">{vms.get(end.vmId ?? '')?.name}</span>
        <Mono>{end.ip}</Mono>
      </span>
    );
    const saidOf = ({ kind, details }: NameEntry): string => {
      if (kind !== 'dns')
        return Object.entries(details)
          .map(([key, value]) => `${key}: ${value}`)
          .join(' · ');
      const { type = '', code = t('names.unanswered'), answers = '' } = details;
      return [type, code, answers].filter(Boolean).join(' · ');
    };
    const column = (
      id: string,
      width: number,
      text: (entry: NameEntry) => string,
      cell?: Column<NameEntry>['cell'],
    ): Column<NameEntry> => ({
      ...{ id, width, text, sortable: false },
      header: t(`names.columns.${id as 'name'}`),
      cell: cell ?? ((entry) => <span title={text(entry)}>{text(entry)}</span>),
    });
    return [
      column(
        'at',
        96,
        ({ at }) => at,
        ({ at }) => (
          <time dateTime={at} title={format.instant(at)}>
            {format.clock(at)}
          </time>
        ),
      ),
      column(
        'src',
        216,
        ({ src }) => endText(src),
        ({ src }) => endCell(src),
      ),
      column('kind', 80, ({ kind }) => t(`names.kinds.${kind}`)),
      column(
        'name',
        260,
        ({ name }) => name,
        ({ name }) => (
          <span title={name}>
            <Mono>{name}</Mono>
          </span>
        ),
      ),
      { ...column('said', 300, saidOf), from: 'md' },
      {
        ...column(
          'dst',
          216,
          ({ dst }) => endText(dst),
          ({ dst }) => endCell(dst),
        ),
        from: 'xl',
      },
      { ...column('gateway', 190, gatewayName), extra: true },
    ];
  }, [t, format, vms, gatewayName]);
}
