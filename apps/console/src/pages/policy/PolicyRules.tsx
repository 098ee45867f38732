import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import type { Rule } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { newRule, policyBody, withCopy, withoutRule, withRuleMoved } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import { writeService } from '../../data/service-text.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { PlusIcon, PolicyIcon } from '../../ui/icons.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { useUrl } from '../../ui/use-url.ts';
import { ChangeMark } from './ChangeMark.tsx';
import { PeerText, usePeerText } from './PeerText.tsx';
import { PolicyDialog } from './PolicyDialog.tsx';
import { RemovePolicyDialog } from './RemovePolicyDialog.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { ServiceChips } from './ServiceChips.tsx';

interface Row {
  readonly rule: Rule;
  readonly index: number;
}
type Editing = { readonly index: number; readonly rule: RuleInput } | undefined;

/** The rules of one policy in their order, each editable; every edit goes into the draft. */
export function PolicyRules({ policy }: { readonly policy: DraftPolicy }) {
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
      (error: unknown) => toasts.failed(error),
    );
  const edit = (index: number) => {
    const { num: _, ...rule } = policy.rules[index]!;
    setEditing({ index, rule });
  };
  const columns = useRuleColumns(policy, { edit, put: (rules) => void put(rules) });
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
      {dialog === 'remove' && <RemovePolicyDialog policy={policy} onClose={() => setDialog(undefined)} />}
    </section>
  );
}

function useRuleColumns(
  policy: DraftPolicy,
  { edit, put }: { readonly edit: (index: number) => void; readonly put: (rules: RuleInput[]) => void },
): readonly Column<Row>[] {
  const { t } = useTranslation();
  const peerText = usePeerText();
  const services = (rule: Rule) =>
    rule.services.length === 0 ? t('policy.allServices') : rule.services.map(writeService).join(' ');
  const last = policy.rules.length - 1;
  const fixed = { sortable: false } as const;
  return [
    {
      ...fixed,
      id: 'n',
      header: '#',
      width: 44,
      numeric: true,
      text: (row) => String(row.index + 1),
      cell: (row) => <span className="hv-muted">{row.index + 1}</span>,
    },
    {
      ...fixed,
      id: 'name',
      header: t('common.name'),
      width: 178,
      text: ({ rule }) => rule.name,
      cell: ({ rule }) => (
        <span
          className={rule.enabled ? 'hv-rule-name' : 'hv-rule-name hv-rule-name--off'}
          title={[rule.name, rule.comment].filter(Boolean).join('\n')}
        >
          {rule.name}
          {!rule.enabled && <span className="hv-tag hv-tag--after">{t('policy.disabled')}</span>}
        </span>
      ),
    },
    {
      ...fixed,
      id: 'from',
      header: t('policy.from'),
      width: 122,
      text: ({ rule }) => peerText(rule.from).join(' '),
      cell: ({ rule }) => <PeerText peer={rule.from} />,
    },
    {
      ...fixed,
      id: 'to',
      header: t('policy.to'),
      width: 122,
      text: ({ rule }) => peerText(rule.to).join(' '),
      cell: ({ rule }) => <PeerText peer={rule.to} />,
    },
    {
      ...fixed,
      id: 'services',
      header: t('policy.services'),
      width: 118,
      from: 'md',
      text: ({ rule }) => services(rule),
      cell: ({ rule }) =>
        rule.services.length === 0 ? (
          <span className="hv-muted">{services(rule)}</span>
        ) : (
          <ServiceChips services={rule.services} />
        ),
    },
    {
      ...fixed,
      id: 'action',
      header: t('policy.action'),
      width: 72,
      text: ({ rule }) => t(`policy.actions.${rule.action}`),
      cell: ({ rule }) => (
        <span title={t(`policy.actionHelp.${rule.action}`)}>
          <ActionLabel action={rule.action} />
        </span>
      ),
    },
    {
      ...fixed,
      id: 'log',
      header: t('policy.log'),
      width: 56,
      from: 'xl',
      text: ({ rule }) => (rule.log ? t('policy.logged') : ''),
      cell: ({ rule }) => (rule.log ? t('common.on') : '–'),
    },
    {
      ...fixed,
      id: 'comment',
      header: t('policy.commentColumn'),
      width: 140,
      extra: true,
      text: ({ rule }) => rule.comment,
      cell: ({ rule }) => rule.comment,
    },
    {
      ...fixed,
      id: 'flows',
      header: t('flows.title'),
      width: 58,
      from: 'lg',
      text: ({ rule }) => String(rule.num),
      cell: ({ rule }) => (
        <Link
          to="/flows"
          search={{ rule: String(rule.num) }}
          aria-label={`${t('common.open')}: ${t('policy.hits')}, ${rule.name}`}
        >
          {t('common.open')}
        </Link>
      ),
    },
    {
      ...fixed,
      id: 'actions',
      header: t('common.actions'),
      headerHidden: true,
      width: 50,
      text: () => '',
      cell: ({ rule, index }) => (
        <ActionMenu
          label={`${t('common.actions')}: ${rule.name}`}
          actions={[
            { label: t('policy.editRule'), onSelect: () => edit(index) },
            { label: t('policy.duplicate'), onSelect: () => put(withCopy(policy, index)) },
            {
              label: t('policy.moveUp'),
              onSelect: () => put(withRuleMoved(policy, index, -1)),
              disabledReason: index === 0 ? t('policy.isFirst') : undefined,
            },
            {
              label: t('policy.moveDown'),
              onSelect: () => put(withRuleMoved(policy, index, 1)),
              disabledReason: index === last ? t('policy.isLast') : undefined,
            },
            { label: t('policy.deleteRule'), danger: true, onSelect: () => put(withoutRule(policy, index)) },
          ]}
        />
      ),
    },
  ];
}
