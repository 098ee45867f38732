import type { DraftPolicy } from '@hypervigil/contract';
import type { Tier } from '@hypervigil/model';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DraftEdits, RuleEdit } from '../../data/draft-edits.ts';
import { allStaged, withCopy, withoutRule, withPatch } from '../../data/policy-edit.ts';
import { type PolicyRow, policyAt, type RuleRow } from '../../data/policy-tree.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { RowMenu } from '../../ui/RowMenu.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useUrl } from '../../ui/use-url.ts';
import type { Open } from './RuleWorkspace.tsx';

export function TierMenu({ tier }: { readonly tier: Tier }) {
  const { t } = useTranslation();
  const [, patch] = useUrl();
  const tenantId = useOwnTenant();
  const label = `${t('common.actions')}: ${t(`policy.tier.${tier}`)}`;
  return (
    <RowMenu
      label={label}
      menu={() => (
        <ActionMenu
          inGrid
          initiallyOpen
          permission="policy:write"
          subject={{ tenantId, tier }}
          label={label}
          actions={[{ label: t('policy.addPolicy'), onSelect: () => patch({ do: 'create', tier }) }]}
        />
      )}
    />
  );
}

interface PolicyMenuProps {
  readonly row: PolicyRow;
  readonly policies: readonly DraftPolicy[];
  readonly edits: DraftEdits;
  readonly onOpen: (open: Open) => void;
  readonly onAddRule: (policy: DraftPolicy) => void;
}

export function PolicyMenu(props: PolicyMenuProps) {
  const { t } = useTranslation();
  const label = `${t('common.actions')}: ${props.row.policy.name}`;
  return <RowMenu label={label} menu={() => <PolicyActions {...props} label={label} />} />;
}

function PolicyActions({
  label,
  row,
  policies,
  edits,
  onOpen,
  onAddRule,
}: PolicyMenuProps & { readonly label: string }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const { policy, index, count } = row;
  const removed = policy.change === 'removed' ? t('policy.change.removed') : undefined;
  const moveTo = (place: number) => {
    edits.movePolicy(policy.id, policyAt(policies, policy, place)).catch(toasts.failed);
  };
  const stage = (staged: boolean) => {
    edits.change(policy.id, (now) => allStaged(now, staged)).catch(toasts.failed);
  };
  return (
    <ActionMenu
      inGrid
      initiallyOpen
      permission="policy:write"
      subject={policy}
      label={label}
      actions={[
        { label: t('policy.addRule'), onSelect: () => onAddRule(policy), disabledReason: removed },
        { label: t('policy.editPolicy'), onSelect: () => onOpen({ kind: 'policy', policy }), disabledReason: removed },
        {
          label: t('policy.enforceAll'),
          onSelect: () => stage(false),
          disabledReason: removed ?? (policy.rules.some(({ staged }) => staged) ? undefined : t('policy.noneStaged')),
        },
        {
          label: t('policy.stageAll'),
          onSelect: () => stage(true),
          disabledReason: removed ?? (policy.rules.every(({ staged }) => staged) ? t('policy.allStaged') : undefined),
        },
        {
          label: t('policy.moveUp'),
          onSelect: () => moveTo(index - 1),
          disabledReason: removed ?? (index === 0 ? t('policy.isFirstPolicy') : undefined),
        },
        {
          label: t('policy.moveDown'),
          onSelect: () => moveTo(index + 1),
          disabledReason: removed ?? (index === count - 1 ? t('policy.isLastPolicy') : undefined),
        },
        {
          label: t('policy.deletePolicy'),
          danger: true,
          onSelect: () => onOpen({ kind: 'remove', policy }),
          disabledReason: removed,
        },
      ]}
    />
  );
}

interface RuleMenuProps {
  readonly row: RuleRow;
  readonly edits: DraftEdits;
  readonly onEdit: (row: RuleRow) => void;
}

export function RuleMenu(props: RuleMenuProps) {
  const { t } = useTranslation();
  const label = `${t('common.actions')}: ${props.row.rule.name}`;
  return <RowMenu label={label} menu={() => <RuleActions {...props} label={label} />} />;
}

function RuleActions({ label, row, edits, onEdit }: RuleMenuProps & { readonly label: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toasts = useToasts();
  const { rule, policy, index } = row;
  const put = (edit: (now: DraftPolicy) => RuleEdit) => {
    edits.change(policy.id, edit).catch(toasts.failed);
  };
  const others = policy.rules.filter(({ id }) => id !== rule.id);
  const moveTo = (place: number) => {
    const before = others[place]?.id;
    edits.move(rule.id, { policy, before, position: place + 1, count: policy.rules.length }).catch(toasts.failed);
  };
  const removed = policy.change === 'removed' ? t('policy.change.removed') : undefined;
  const isLast = index === policy.rules.length - 1;
  return (
    <ActionMenu
      inGrid
      initiallyOpen
      permission="policy:write"
      subject={policy}
      label={label}
      actions={[
        { label: t('policy.editRule'), onSelect: () => onEdit(row), disabledReason: removed },
        {
          label: t('policy.hits'),
          permission: 'flow:read',
          onSelect: () => void navigate({ to: '/flows', search: { rule: String(rule.num) } }),
        },
        ...(rule.staged
          ? [
              {
                label: t('policy.wouldChange'),
                permission: 'flow:read' as const,
                onSelect: () =>
                  void navigate({ to: '/flows', search: { pending: 'differs', pendingRule: String(rule.num) } }),
              },
            ]
          : []),
        {
          label: rule.staged ? t('policy.enforce') : t('policy.stage'),
          onSelect: () => put((now) => withPatch(now, rule.id, { staged: !rule.staged })),
          disabledReason: removed,
        },
        {
          label: t('policy.duplicate'),
          onSelect: () => put((now) => withCopy(now, rule.id)),
          disabledReason: removed,
        },
        {
          label: t('policy.moveUp'),
          onSelect: () => moveTo(index - 1),
          disabledReason: removed ?? (index === 0 ? t('policy.isFirst') : undefined),
        },
        {
          label: t('policy.moveDown'),
          onSelect: () => moveTo(index + 1),
          disabledReason: removed ?? (isLast ? t('policy.isLast') : undefined),
        },
        {
          label: t('policy.deleteRule'),
          danger: true,
          onSelect: () => put(() => withoutRule(rule.id)),
          disabledReason: removed,
        },
      ]}
    />
  );
}
