import type { DraftPolicy, RuleHitsList, RuleInput } from '@hypervigil/contract';
import { type Rule, writeService } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Findings } from '../../data/analysis.ts';
import { withCopy, withoutRule, withStaged } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import { ruleHitsOptions } from '../../data/recorded.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { StagedIcon } from '../../ui/icons.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useNow } from '../../ui/use-now.ts';
import type { RowDrag } from '../../ui/use-row-drag.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { ScheduleText } from '../schedules/ScheduleText.tsx';
import { FindingMark } from './FindingMark.tsx';
import { PeerText, usePeerText } from './PeerText.tsx';
import { RuleHits } from './RuleHits.tsx';
import { ServiceChips } from './ServiceChips.tsx';

export interface Row {
  readonly rule: Rule;
  readonly index: number;
}
interface Edits {
  /** Undefined in a policy that is to be removed. */
  readonly handle: RowDrag['handle'] | undefined;
  readonly edit: (index: number) => void;
  readonly put: (rules: RuleInput[]) => void;
  readonly move: (from: number, to: number) => void;
  readonly findings: Findings['byRule'];
}

const NO_HITS: ReadonlyMap<string, RuleHitsList['items'][number]> = new Map();

export function useRuleColumns(
  policy: DraftPolicy,
  { handle, edit, put, move, findings }: Edits,
): readonly Column<Row>[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [, patch] = useUrl();
  const peerText = usePeerText();
  const hits = useQuery(ruleHitsOptions(policy.id)).data ?? NO_HITS;
  const named = useCollection('namedServices').byId;
  const schedules = useCollection('schedules').byId;
  const gatewayGroups = useCollection('gatewayGroups').byId;
  const inspection = ({ inspect }: Rule): string =>
    inspect === undefined
      ? ''
      : `${gatewayGroups.get(inspect.groupId)?.name ?? inspect.groupId} · ${t(`policy.onFailures.${inspect.onFailure}`)}`;
  const services = (rule: Rule): string[] => [
    ...rule.namedServiceIds.map((id) => named.get(id)?.name ?? id.slice(0, 8)),
    ...rule.services.map(writeService),
  ];
  const now = useNow();
  const isOver = ({ expiresAt }: Rule) => expiresAt !== null && Date.parse(expiresAt) <= now;
  const last = policy.rules.length - 1;
  const fixed = { sortable: false } as const;
  return [
    {
      ...fixed,
      id: 'n',
      header: '#',
      width: 56,
      text: (row) => String(row.index + 1),
      cell: ({ rule, index }) => handle?.(index, rule.name) ?? <span className="hv-muted">{index + 1}</span>,
    },
    {
      ...fixed,
      id: 'name',
      header: t('common.name'),
      width: 200,
      text: ({ rule }) => rule.name,
      cell: ({ rule }) => (
        <span
          className={rule.enabled && !isOver(rule) ? 'hv-rule-name' : 'hv-rule-name hv-rule-name--off'}
          title={[rule.name, rule.comment].filter(Boolean).join('\n')}
        >
          {rule.staged && (
            <span className="hv-staged" role="img" aria-label={t('policy.staged')} title={t('policy.stagedHelp')}>
              <StagedIcon />
            </span>
          )}
          {rule.name}
          {!rule.enabled && <span className="hv-tag hv-tag--after">{t('policy.disabled')}</span>}
          {isOver(rule) && <span className="hv-tag hv-tag--after">{t('policy.expired')}</span>}
        </span>
      ),
    },
    {
      ...fixed,
      id: 'findings',
      header: t('findings.column'),
      headerHidden: true,
      width: 44,
      text: ({ rule }) => (findings.get(rule.id) ?? []).map(({ code }) => t(`findings.codes.${code}`)).join(' '),
      cell: ({ rule }) => (
        <FindingMark
          rule={rule.name}
          findings={findings.get(rule.id)}
          onOpen={() => patch({ findings: 'all', rule: String(rule.num) })}
        />
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
      text: ({ rule }) => services(rule).join(' ') || t('policy.allServices'),
      cell: ({ rule }) =>
        services(rule).length === 0 ? (
          <span className="hv-muted">{t('policy.allServices')}</span>
        ) : (
          <ServiceChips services={services(rule)} />
        ),
    },
    {
      ...fixed,
      id: 'action',
      header: t('policy.action'),
      width: 88,
      text: ({ rule }) => t(`policy.actions.${rule.action}`),
      cell: ({ rule }) => (
        <span title={[t(`policy.actionHelp.${rule.action}`), inspection(rule)].filter(Boolean).join('\n')}>
          <ActionLabel action={rule.action} />
        </span>
      ),
    },
    {
      ...fixed,
      id: 'inspection',
      header: t('policy.inspection'),
      width: 130,
      // Shown where a rule inspects; elsewhere it would be an empty column.
      extra: policy.rules.every(({ inspect }) => inspect === undefined),
      text: ({ rule }) => inspection(rule),
      cell: ({ rule }) => <span title={inspection(rule)}>{inspection(rule)}</span>,
    },
    {
      ...fixed,
      id: 'hits',
      header: t('policy.hitCount'),
      width: 72,
      numeric: true,
      from: 'lg',
      text: ({ rule }) => String(hits.get(rule.id)?.flows ?? ''),
      cell: ({ rule }) => <RuleHits rule={rule} hits={hits.get(rule.id)} />,
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
      id: 'owner',
      header: t('policy.owner'),
      width: 110,
      extra: true,
      text: ({ rule }) => rule.owner,
      cell: ({ rule }) => rule.owner,
    },
    {
      ...fixed,
      id: 'schedule',
      header: t('policy.schedule'),
      width: 130,
      extra: true,
      text: ({ rule }) => (rule.scheduleId === null ? '' : (schedules.get(rule.scheduleId)?.name ?? rule.scheduleId)),
      cell: ({ rule }) => <ScheduleText schedule={schedules.get(rule.scheduleId ?? '')} />,
    },
    {
      ...fixed,
      id: 'expires',
      header: t('policy.expiresAt'),
      width: 170,
      extra: true,
      text: ({ rule }) => rule.expiresAt ?? '',
      cell: ({ rule }) => <AbsoluteTime at={rule.expiresAt} />,
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
            {
              label: t('policy.hits'),
              onSelect: () => void navigate({ to: '/flows', search: { rule: String(rule.num) } }),
            },
            ...(rule.staged
              ? [
                  {
                    label: t('policy.wouldChange'),
                    onSelect: () =>
                      void navigate({ to: '/flows', search: { pending: 'differs', pendingRule: String(rule.num) } }),
                  },
                ]
              : []),
            {
              label: rule.staged ? t('policy.enforce') : t('policy.stage'),
              onSelect: () => put(withStaged(policy, index, !rule.staged)),
            },
            { label: t('policy.duplicate'), onSelect: () => put(withCopy(policy, index)) },
            {
              label: t('policy.moveUp'),
              onSelect: () => move(index, index - 1),
              disabledReason: index === 0 ? t('policy.isFirst') : undefined,
            },
            {
              label: t('policy.moveDown'),
              onSelect: () => move(index, index + 1),
              disabledReason: index === last ? t('policy.isLast') : undefined,
            },
            { label: t('policy.deleteRule'), danger: true, onSelect: () => put(withoutRule(policy, index)) },
          ]}
        />
      ),
    },
  ];
}
