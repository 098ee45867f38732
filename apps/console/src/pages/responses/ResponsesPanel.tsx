import type { AlertResponse } from '@hypervigil/model';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { type AskedStep, StepDialog } from './StepDialog.tsx';
import { useResponseColumns } from './use-response-columns.tsx';
import { useResponseText } from './use-response-text.ts';

const idOf = ({ id }: AlertResponse) => id;

interface Props {
  readonly alertIds: readonly string[];
  readonly actions?: ReactNode;
}

/** What was done about these alerts, and how to undo it. */
export function ResponsesPanel({ alertIds, actions }: Props) {
  const { t } = useTranslation();
  const { what } = useResponseText();
  const [asked, setAsked] = useState<AskedStep>();
  const { shown } = useColumns('responses', useResponseColumns(setAsked));
  const rows = useCollection('responses').items.filter(({ alertId }) => alertId !== null && alertIds.includes(alertId));
  return (
    <Panel title={t('responses.title')} actions={actions}>
      {rows.length === 0 ? (
        <p className="hv-muted">{t('responses.none')}</p>
      ) : (
        <DataTable
          label={t('responses.title')}
          columns={shown}
          rows={rows}
          rowId={idOf}
          rowName={what}
          maxHeight={300}
        />
      )}
      {asked !== undefined && <StepDialog asked={asked} onClose={() => setAsked(undefined)} />}
    </Panel>
  );
}
