import { APPLICATIONS, type Blocks, RISKS } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRiskName } from '../../data/inspection.ts';
import { Field } from '../../ui/Field.tsx';
import { LinesField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { PickList } from '../../ui/PickList.tsx';

/** As it is being written: names are lines of text. */
export interface BlocksDraft {
  readonly applications: readonly string[];
  readonly risks: readonly string[];
  readonly names: string;
}

export const blocksDraft = (blocks: Blocks | undefined): BlocksDraft => ({
  applications: blocks?.applications ?? [],
  risks: blocks?.risks ?? [],
  names: blocks?.names.join('\n') ?? '',
});

/** Undefined when nothing is blocked. */
export function blocksOf(draft: BlocksDraft): Blocks | undefined {
  const names = linesOf(draft.names).map((name) => name.toLowerCase());
  const blocks = { applications: [...draft.applications], names, risks: [...draft.risks] };
  return Object.values(blocks).some((part) => part.length > 0) ? blocks : undefined;
}

const CHOICES = APPLICATIONS.map((name) => ({ id: name, name }));

interface Props {
  readonly blocks: BlocksDraft;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (blocks: BlocksDraft) => void;
}

/** What gateways end when they recognise it. */
export function BlocksFields({ blocks, problem, onChange }: Props) {
  const { t } = useTranslation();
  const riskName = useRiskName();
  const risks = useMemo(() => RISKS.map((id, place) => ({ id, name: riskName(place + 1) })), [riskName]);
  return (
    <fieldset className="hv-choices">
      <legend>{t('policy.blocks')}</legend>
      <p className="hv-muted">{t('policy.blocksHelp')}</p>
      <Field label={t('policy.blockedApplications')} problem={problem('applications')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.blockedApplicationsHelp')}
            choices={CHOICES}
            chosen={blocks.applications}
            onChange={(applications) => onChange({ ...blocks, applications })}
          />
        )}
      </Field>
      <LinesField
        label={t('policy.blockedNames')}
        help={t('policy.blockedNamesHelp')}
        problem={problem('names')}
        rows={2}
        value={blocks.names}
        onChange={(names) => onChange({ ...blocks, names })}
      />
      <Field label={t('policy.blockedRisks')} problem={problem('risks')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.blockedRisksHelp')}
            choices={risks}
            chosen={blocks.risks}
            onChange={(chosen) => onChange({ ...blocks, risks: chosen })}
          />
        )}
      </Field>
    </fieldset>
  );
}
