import { FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { badService, type RuleDraft, type SetDraft } from '../../data/firewall-edit.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { PickList } from '../../ui/PickList.tsx';

interface Props {
  readonly rule: RuleDraft;
  readonly index: number;
  readonly count: number;
  readonly sets: readonly SetDraft[];
  readonly problem: string | undefined;
  readonly onChange: (rule: RuleDraft) => void;
  readonly onRemove: () => void;
  readonly onMove: (to: number) => void;
}

/** One rule on one line, where there is room for one. */
export function FirewallRuleEditor({ rule, index, count, sets, problem, onChange, onRemove, onMove }: Props) {
  const { t } = useTranslation();
  const bad = badService(rule.services);
  const said = bad === undefined ? problem : t('policy.servicesBad', { line: bad });
  const id = `firewall-rule-${rule.key}`;
  const named = (field: string) => ({ 'aria-label': t('hostFirewall.fieldOfRule', { field, n: index + 1 }) });
  return (
    <li className="hv-rule-editor__rule">
      <span className="hv-muted" aria-hidden="true">
        {index + 1}
      </span>
      <FormSelect
        {...named(t('hostFirewall.direction'))}
        value={rule.direction}
        onChange={(_, value) => onChange({ ...rule, direction: value === 'in' ? 'in' : 'out' })}
      >
        <FormSelectOption value="in" label={t('hostFirewall.directions.in')} />
        <FormSelectOption value="out" label={t('hostFirewall.directions.out')} />
      </FormSelect>
      <FormSelect
        {...named(t('policy.action'))}
        value={rule.action}
        onChange={(_, value) => onChange({ ...rule, action: value === 'allow' ? 'allow' : 'deny' })}
      >
        <FormSelectOption value="allow" label={t('policy.actions.allow')} />
        <FormSelectOption value="deny" label={t('policy.actions.deny')} />
      </FormSelect>
      <TextInput
        {...named(t('policy.services'))}
        aria-describedby={`${id}-problem`}
        className="hv-mono"
        placeholder={t('policy.allServices')}
        validated={bad === undefined ? 'default' : 'error'}
        value={rule.services}
        onChange={(_, services) => onChange({ ...rule, services })}
      />
      <PickList
        {...named(t('hostFirewall.peers'))}
        id={`${id}-peers`}
        aria-describedby={`${id}-problem`}
        validated="default"
        placeholder={rule.peers.length === 0 ? t('common.anyone') : t('hostFirewall.peers')}
        choices={sets.map(({ key, name }) => ({ id: key, name }))}
        chosen={rule.peers}
        onChange={(peers) => onChange({ ...rule, peers })}
      />
      <TextInput
        {...named(t('policy.commentColumn'))}
        placeholder={t('policy.commentColumn')}
        value={rule.comment}
        onChange={(_, comment) => onChange({ ...rule, comment })}
      />
      <ActionMenu
        label={named(t('common.actions'))['aria-label']}
        actions={[
          {
            label: t('policy.moveUp'),
            onSelect: () => onMove(index - 1),
            disabledReason: index === 0 ? t('policy.isFirst') : undefined,
          },
          {
            label: t('policy.moveDown'),
            onSelect: () => onMove(index + 1),
            disabledReason: index === count - 1 ? t('policy.isLast') : undefined,
          },
          { label: t('policy.deleteRule'), danger: true, onSelect: onRemove },
        ]}
      />
      <span id={`${id}-problem`} className="hv-rule-editor__problem" role="status">
        {said}
      </span>
    </li>
  );
}
