import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { type InspectInput, linksOf, MAX_LINKS, ON_FAILURE } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { SelectField } from '../../ui/fields.tsx';
import { type BlocksDraft, BlocksFields, blocksDraft, blocksOf } from './BlocksFields.tsx';

/** As it is being chosen: no group yet is an empty id. */
type LinkDraft = Omit<InspectInput, 'blocks' | 'next'>;
export interface InspectDraft {
  readonly links: readonly LinkDraft[];
  readonly blocks: BlocksDraft;
}

const NEW_LINK: LinkDraft = { groupId: '', onFailure: 'closed' };

export const inspectDraft = ({ inspect }: RuleInput): InspectDraft => ({
  links: inspect ? linksOf<LinkDraft>(inspect) : [NEW_LINK],
  blocks: blocksDraft(inspect?.blocks),
});

export function inspectOf({ links, blocks }: InspectDraft): InspectInput {
  const [first = NEW_LINK, ...next] = links.map(({ groupId, onFailure }) => ({ groupId, onFailure }));
  const blocked = blocksOf(blocks);
  return { ...first, ...(blocked && { blocks: blocked }), ...(next.length > 0 && { next }) };
}

export const isChosen = ({ links }: InspectDraft): boolean => links.every(({ groupId }) => groupId !== '');

interface Props {
  readonly policy: DraftPolicy;
  readonly inspect: InspectDraft;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (inspect: InspectDraft) => void;
}

/** Through which gateways, in order, and what becomes of connections that none of a group can take. */
export function InspectFields({ policy, inspect, problem, onChange }: Props) {
  const { t } = useTranslation();
  const { links } = inspect;
  const setLinks = (next: readonly LinkDraft[]) => onChange({ ...inspect, links: next });
  const groups = useCollection('gatewayGroups').items.filter(
    ({ id, tenantId }) =>
      tenantId === null || tenantId === policy.tenantId || links.some(({ groupId }) => groupId === id),
  );
  const field = (n: number, name: string): string => (n === 0 ? name : `next.${n - 1}.${name}`);
  const change = (n: number, part: Partial<LinkDraft>) =>
    setLinks(links.map((link, i) => (i === n ? { ...link, ...part } : link)));
  return (
    <>
      {links.map((link, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a link is what stands at its place.
        <div className="hv-row" key={n}>
          <SelectField
            label={n === 0 ? t('policy.gatewayGroup') : t('policy.thenGatewayGroup', { place: n + 1 })}
            help={groups.length === 0 ? t('policy.noGatewayGroup') : undefined}
            problem={problem(field(n, 'groupId'))}
            value={link.groupId}
            options={[
              { value: '', label: t('policy.chooseGatewayGroup') },
              ...groups.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(groupId) => change(n, { groupId })}
          />
          <SelectField
            label={n === 0 ? t('policy.onFailure') : t('policy.thenOnFailure', { place: n + 1 })}
            problem={problem(field(n, 'onFailure'))}
            value={link.onFailure}
            options={ON_FAILURE.map((value) => ({ value, label: t(`policy.onFailures.${value}`) }))}
            onChange={(onFailure) => change(n, { onFailure })}
          />
          {n > 0 && (
            <Button variant="link" onClick={() => setLinks(links.filter((_, i) => i !== n))}>
              {t('policy.removeGatewayGroup', { place: n + 1 })}
            </Button>
          )}
        </div>
      ))}
      {links.length < MAX_LINKS && (
        <div>
          <Button variant="link" isInline onClick={() => setLinks([...links, NEW_LINK])}>
            {t('policy.addGatewayGroup')}
          </Button>
        </div>
      )}
      <BlocksFields
        blocks={inspect.blocks}
        problem={(name) => problem(`blocks.${name}`)}
        onChange={(blocks) => onChange({ ...inspect, blocks })}
      />
    </>
  );
}
