import type { RuleHitsList } from '@hypervigil/contract';
import { type Blocks, type InspectLink, linksOf, type Rule, writeService } from '@hypervigil/model';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Findings } from '../../data/analysis.ts';
import { useBlockedName } from '../../data/inspection.ts';
import { ruleMode } from '../../data/policy-edit.ts';
import type { RuleRow } from '../../data/policy-tree.ts';
import { useCollection } from '../../data/queries.ts';
import { ruleHitsOptions } from '../../data/recorded.ts';
import { useDenial } from '../../data/rights.ts';
import { DragHandle } from '../../ui/DragHandle.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';
import type { Column } from '../../ui/table-model.ts';
import { useNow } from '../../ui/use-now.ts';
import type { HandleEvents } from '../../ui/use-row-drag.tsx';
import { useRuleLimitsText } from '../limits/use-limit-text.ts';
import { ScheduleText } from '../schedules/ScheduleText.tsx';
import { ChangeMark } from './ChangeMark.tsx';
import { FindingMark } from './FindingMark.tsx';
import { ModeLabel } from './ModeLabel.tsx';
import { PeerText, usePeerText } from './PeerText.tsx';
import { RuleHits } from './RuleHits.tsx';
import { ServiceChips } from './ServiceChips.tsx';

interface Tools {
  readonly events: HandleEvents;
  readonly findings: Findings['byRule'];
  readonly openFindings: (rule: Rule) => void;
  readonly menu: (row: RuleRow) => ReactNode;
  readonly isLocked: (policy: RuleRow['policy']) => boolean;
  /** In some rule; elsewhere it would be an empty column. */
  readonly inspects: boolean;
}

const NOT_KNOWN = <span className="hv-muted">–</span>;
const NO_HITS: ReadonlyMap<string, RuleHitsList['items'][number]> = new Map();

/** The columns of the rules, the same ones for as long as nothing that they show is another. */
export function useRuleColumns({
  events,
  findings,
  openFindings,
  menu,
  isLocked,
  inspects,
}: Tools): readonly Column<RuleRow>[] {
  const { t } = useTranslation();
  const peerText = usePeerText();
  const mayAnalyse = useDenial('policy:analyse') === undefined;
  const hits = useQuery({ ...ruleHitsOptions, enabled: mayAnalyse }).data ?? NO_HITS;
  const named = useCollection('namedServices').byId;
  const schedules = useCollection('schedules').byId;
  const gatewayGroups = useCollection('gatewayGroups').byId;
  const mirrors = useCollection('mirrors').byId;
  const blockedName = useBlockedName();
  const limitsText = useRuleLimitsText();
  const now = useNow();
  return useMemo(() => {
    const blocks = ({ applications, names, risks }: Blocks): string => {
      const what = [...applications, ...names, ...risks.map((risk) => blockedName({ by: 'risk', what: risk }))];
      return t('policy.blocksSome', { what: what.join(', ') });
    };
    const inspection = ({ inspect }: Rule): string =>
      inspect === undefined
        ? ''
        : [
            linksOf<InspectLink>(inspect)
              .map(
                ({ groupId, onFailure }) =>
                  `${gatewayGroups.get(groupId)?.name ?? groupId} · ${t(`policy.onFailures.${onFailure}`)}`,
              )
              .join(' → '),
            ...(inspect.blocks ? [blocks(inspect.blocks)] : []),
          ].join(' · ');
    const mirrorName = ({ mirrorId }: Rule): string =>
      mirrorId === null ? '' : (mirrors.get(mirrorId)?.name ?? mirrorId);
    const services = (rule: Rule): string[] => [
      ...rule.namedServiceIds.map((id) => named.get(id)?.name ?? id.slice(0, 8)),
      ...rule.services.map(writeService),
    ];
    const isOver = ({ expiresAt }: Rule) => expiresAt !== null && Date.parse(expiresAt) <= now;
    const change = ({ policy, rule }: RuleRow) =>
      policy.change === 'added' ? 'added' : (policy.ruleChanges[rule.id] ?? 'none');
    const columns: Omit<Column<RuleRow>, 'sortable'>[] = [
      {
        id: 'n',
        header: '#',
        width: 64,
        text: (row) => String(row.index + 1),
        cell: ({ rule, index, policy }) =>
          isLocked(policy) ? (
            <span className="hv-muted">{index + 1}</span>
          ) : (
            <DragHandle
              id={rule.id}
              name={rule.name}
              position={index + 1}
              count={policy.rules.length}
              events={events}
            />
          ),
      },
      {
        id: 'name',
        header: t('common.name'),
        width: 180,
        text: ({ rule }) => rule.name,
        cell: (row) => (
          <span
            className={row.rule.enabled && !isOver(row.rule) ? 'hv-rule-name' : 'hv-rule-name hv-rule-name--off'}
            title={[row.rule.name, row.rule.comment].filter(Boolean).join('\n')}
          >
            {row.rule.name}
            {isOver(row.rule) && <span className="hv-tag hv-tag--after">{t('policy.expired')}</span>}{' '}
            <ChangeMark change={change(row)} />
          </span>
        ),
      },
      {
        id: 'findings',
        header: t('findings.column'),
        headerHidden: true,
        width: 56,
        text: ({ rule }) => (findings.get(rule.id) ?? []).map(({ code }) => t(`findings.codes.${code}`)).join(' '),
        cell: ({ rule }) => {
          const found = findings.get(rule.id);
          return found && <FindingMark rule={rule.name} findings={found} onOpen={() => openFindings(rule)} />;
        },
      },
      {
        id: 'from',
        header: t('policy.from'),
        width: 122,
        text: ({ rule }) => peerText(rule.from).join(' '),
        cell: ({ rule }) => <PeerText all={peerText(rule.from)} />,
      },
      {
        id: 'to',
        header: t('policy.to'),
        width: 122,
        text: ({ rule }) => peerText(rule.to).join(' '),
        cell: ({ rule }) => <PeerText all={peerText(rule.to)} />,
      },
      {
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
        id: 'action',
        header: t('policy.action'),
        width: 104,
        text: ({ rule }) => t(`policy.actions.${rule.action}`),
        cell: ({ rule }) => (
          <span title={[t(`policy.actionHelp.${rule.action}`), inspection(rule)].filter(Boolean).join('\n')}>
            <ActionLabel action={rule.action} />
          </span>
        ),
      },
      {
        id: 'inspection',
        header: t('policy.inspection'),
        width: 130,
        extra: !inspects,
        text: ({ rule }) => inspection(rule),
        cell: ({ rule }) => <span title={inspection(rule)}>{inspection(rule)}</span>,
      },
      {
        id: 'mode',
        header: t('policy.mode'),
        width: 100,
        from: 'md',
        text: ({ rule }) => t(`policy.modes.${ruleMode(rule)}`),
        cell: ({ rule }) => (
          <span title={t(`policy.modeHelp.${ruleMode(rule)}`)}>
            <ModeLabel mode={ruleMode(rule)} />
          </span>
        ),
      },
      {
        id: 'hits',
        header: t('policy.hitCount'),
        width: 72,
        numeric: true,
        from: 'lg',
        text: ({ rule }) => String(hits.get(rule.id)?.flows ?? ''),
        cell: ({ rule }) => {
          const found = hits.get(rule.id);
          return found === undefined ? NOT_KNOWN : <RuleHits rule={rule} hits={found} />;
        },
      },
      {
        id: 'log',
        header: t('policy.log'),
        width: 56,
        from: 'xl',
        text: ({ rule }) => (rule.log ? t('policy.logged') : ''),
        cell: ({ rule }) =>
          rule.logSampling ? `1/${rule.logSampling}` : rule.log ? t('common.on') : <span className="hv-muted">–</span>,
      },
      {
        id: 'comment',
        header: t('policy.commentColumn'),
        width: 160,
        extra: true,
        text: ({ rule }) => rule.comment,
        cell: ({ rule }) => <span title={rule.comment}>{rule.comment}</span>,
      },
      {
        id: 'owner',
        header: t('policy.owner'),
        width: 110,
        extra: true,
        text: ({ rule }) => rule.owner,
        cell: ({ rule }) => rule.owner,
      },
      {
        id: 'schedule',
        header: t('policy.schedule'),
        width: 130,
        extra: true,
        text: ({ rule }) => (rule.scheduleId === null ? '' : (schedules.get(rule.scheduleId)?.name ?? rule.scheduleId)),
        cell: ({ rule }) => <ScheduleText schedule={schedules.get(rule.scheduleId ?? '')} />,
      },
      {
        id: 'mirror',
        header: t('policy.mirror'),
        width: 110,
        extra: true,
        text: ({ rule }) => mirrorName(rule),
        cell: ({ rule }) => mirrorName(rule),
      },
      {
        id: 'limits',
        header: t('policy.limits'),
        width: 190,
        extra: true,
        text: ({ rule }) => limitsText(rule.limits),
        cell: ({ rule }) => <span title={limitsText(rule.limits)}>{limitsText(rule.limits)}</span>,
      },
      {
        id: 'expires',
        header: t('policy.expiresAt'),
        width: 170,
        extra: true,
        text: ({ rule }) => rule.expiresAt ?? '',
        cell: ({ rule }) => <AbsoluteTime at={rule.expiresAt} />,
      },
      { id: 'actions', header: t('common.actions'), headerHidden: true, width: 50, text: () => '', cell: menu },
    ];
    return columns.map((column) => ({ ...column, sortable: false }));
  }, [
    t,
    peerText,
    hits,
    named,
    schedules,
    gatewayGroups,
    blockedName,
    mirrors,
    limitsText,
    now,
    events,
    findings,
    openFindings,
    menu,
    inspects,
    isLocked,
  ]);
}
