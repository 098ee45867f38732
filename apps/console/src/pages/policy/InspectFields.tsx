import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { ON_FAILURE, type OnFailure } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { SelectField } from '../../ui/fields.tsx';
import { type BlocksDraft, BlocksFields, blocksDraft, blocksOf } from './BlocksFields.tsx';

/** As it is being chosen: no group yet is an empty id. */
export interface InspectDraft {
  readonly groupId: string;
  readonly onFailure: OnFailure;
  readonly blocks: BlocksDraft;
}
export const inspectDraft = ({ inspect }: RuleInput): InspectDraft => ({
  groupId: inspect?.groupId ?? '',
  onFailure: inspect?.onFailure ?? 'closed',
  blocks: blocksDraft(inspect?.blocks),
});
export function inspectOf({ blocks, ...inspect }: InspectDraft): NonNullable<RuleInput['inspect']> {
  const blocked = blocksOf(blocks);
  return { ...inspect, ...(blocked && { blocks: blocked }) };
}

interface Props {
  readonly policy: DraftPolicy;
  readonly inspect: InspectDraft;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (inspect: InspectDraft) => void;
}

/** Through which gateways, and what becomes of connections that none of them can take. */
export function InspectFields({ policy, inspect, problem, onChange }: Props) {
  const { t } = useTranslation();
  const groups = useCollection('gatewayGroups').items.filter(
    ({ id, tenantId }) => tenantId === null || tenantId === policy.tenantId || id === inspect.groupId,
  );
  return (
    <>
      <div className="hv-row">
        <SelectField
          label={t('policy.gatewayGroup')}
          help={groups.length === 0 ? t('policy.noGatewayGroup') : undefined}
          problem={problem('groupId')}
          value={inspect.groupId}
          options={[
            { value: '', label: t('policy.chooseGatewayGroup') },
            ...groups.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(groupId) => onChange({ ...inspect, groupId })}
        />
        <SelectField
          label={t('policy.onFailure')}
          problem={problem('onFailure')}
          value={inspect.onFailure}
          options={ON_FAILURE.map((value) => ({ value, label: t(`policy.onFailures.${value}`) }))}
          onChange={(onFailure) => onChange({ ...inspect, onFailure })}
        />
      </div>
      <BlocksFields
        blocks={inspect.blocks}
        problem={(field) => problem(`blocks.${field}`)}
        onChange={(blocks) => onChange({ ...inspect, blocks })}
      />
    </>
  );
}
