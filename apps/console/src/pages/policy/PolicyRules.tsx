import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { Button } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Findings } from '../../data/analysis.ts';
import { platform } from '../../data/client.ts';
import { allStaged, newRule, policyBody, rulesOf, withMoved } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { PlusIcon, PolicyIcon } from '../../ui/icons.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { useRowDrag } from '../../ui/use-row-drag.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ChangeMark } from './ChangeMark.tsx';
import { PolicyDialog } from './PolicyDialog.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { type Row, useRuleColumns } from './rule-columns.tsx';

type Editing = { readonly index: number; readonly rule: RuleInput } | undefined;

interface Props {
  readonly policy: DraftPolicy;
  readonly findings: Findings;
}

/** The rules of one policy in their order, each editable; every edit goes into the draft. */
export function PolicyRules({ policy, findings }: Props) {
  const { t } = useTranslation();
  const [url] = useUrl();
  const client = useQueryClient();
  const toasts = useToasts();
  const tenants = useCollection('tenants').byId;
  const [editing, setEditing] = useState<Editing>();
  const [dialog, setDialog] = useState<'policy' | 'remove'>();
  const frozen = policy.change === 'removed';

  const put = (rules: RuleInput[]) =>
    platform.updatePolicy({ params: { id: policy.id }, body: policyBody(policy, rules) }).then(
      () => client.invalidateQueries({ queryKey: ['policies'] }),
      (error: unknown) => {
        void client.invalidateQueries({ queryKey: ['policies'] });
        toasts.failed(error);
      },
    );
  const edit = (index: number) => {
    const { num: _, ...rule } = policy.rules[index]!;
    setEditing({ index, rule });
  };
  /** Drawn at once: a row that was put down must not jump back until the platform has answered. */
  const move = (from: number, to: number) => {
    client.setQueryData<readonly DraftPolicy[]>(['policies'], (all) =>
      all?.map((one) => (one.id === policy.id ? { ...one, rules: withMoved(one.rules, from, to) } : one)),
    );
    void put(withMoved(rulesOf(policy), from, to));
  };
  const drag = useRowDrag(policy.rules.length, move);
  const columns = useRuleColumns(policy, {
    handle: frozen ? undefined : drag.handle,
    edit,
    put: (rules) => void put(rules),
    move,
    findings: findings.byRule,
  });
  const view = useColumns('rules', columns);
  const rows = useMemo(() => policy.rules.map((rule, index): Row => ({ rule, index })), [policy.rules]);
  const addRule = (
    <Button
      variant="secondary"
      icon={<PlusIcon />}
      isDisabled={frozen}
      onClick={() => setEditing({ index: policy.rules.length, rule: newRule() })}
    >
      {t('policy.addRule')}
    </Button>
  );
  return (
    <section className="hv-list hv-rules" aria-labelledby="policy-name">
      <header className="hv-rules__head">
        <div>
          <h2 id="policy-name">
            {policy.name} <ChangeMark change={policy.change} />
          </h2>
          <p className="hv-muted">
            {t(`policy.tier.${policy.tier}`)} ·{' '}
            {policy.tenantId === null ? t('policy.tenantNone') : <TenantTag tenant={tenants.get(policy.tenantId)} />}
            {policy.description !== '' && <> · {policy.description}</>}
          </p>
        </div>
        <div className="hv-row">
          {addRule}
          <ActionMenu
            label={t('common.actions')}
            actions={[
              { label: t('policy.editPolicy'), onSelect: () => setDialog('policy') },
              {
                label: t('policy.enforceAll'),
                onSelect: () => void put(allStaged(policy, false)),
                disabledReason: policy.rules.some(({ staged }) => staged) ? undefined : t('policy.noneStaged'),
              },
              {
                label: t('policy.stageAll'),
                onSelect: () => void put(allStaged(policy, true)),
                disabledReason: policy.rules.every(({ staged }) => staged) ? t('policy.allStaged') : undefined,
              },
              {
                label: t('policy.deletePolicy'),
                danger: true,
                onSelect: () => setDialog('remove'),
                disabledReason: frozen ? t('policy.change.removed') : undefined,
              },
            ]}
          />
          <TableTools
            name={`rules-${policy.name}`}
            columns={columns}
            isShown={view.isShown}
            toggle={view.toggle}
            rows={rows}
          />
        </div>
      </header>
      {rows.length === 0 ? (
        <EmptyTeach icon={PolicyIcon} title={t('policy.noRules')} help={t('policy.noRulesHelp')} action={addRule} />
      ) : (
        <DataTable
          label={t('policy.ruleCount')}
          columns={view.shown}
          rows={rows}
          rowId={(row) => row.rule.id}
          rowName={(row) => row.rule.name}
          drag={drag}
          activeId={rows.find(({ rule }) => String(rule.num) === url['rule'])?.rule.id}
          {...(frozen ? {} : { onActivate: (row: Row) => edit(row.index) })}
        />
      )}
      {editing !== undefined && (
        <RuleDialog
          policy={policy}
          index={editing.index}
          initial={editing.rule}
          onClose={() => setEditing(undefined)}
        />
      )}
      {dialog === 'policy' && (
        <PolicyDialog policy={policy} onClose={() => setDialog(undefined)} onSaved={() => setDialog(undefined)} />
      )}
      {dialog === 'remove' && (
        <RemoveDialog
          collection="policies"
          title={t('policy.deleteTitle', { name: policy.name })}
          help={t('policy.deleteHelp')}
          done={t('policy.policyDeleted', { name: policy.name })}
          remove={() => platform.deletePolicy({ params: { id: policy.id } })}
          onClose={() => setDialog(undefined)}
        />
      )}
    </section>
  );
}
