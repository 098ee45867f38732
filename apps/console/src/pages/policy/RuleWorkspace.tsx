import { type DraftPolicy, type RuleInput, ruleInput } from '@hypervigil/contract';
import { Action, type Rule } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useMatch, useRouter } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Findings } from '../../data/analysis.ts';
import { platform } from '../../data/client.ts';
import { useDraftEdits } from '../../data/draft-edits.ts';
import { ALL_FOLDED, isFolded, NOTHING_FOLDED, parseFolds, withFold, writeFolds } from '../../data/folds.ts';
import { newRule } from '../../data/policy-edit.ts';
import {
  type PolicyRow,
  placeInGap,
  policyInGap,
  type RuleRow,
  type TreeRow,
  treeRows,
} from '../../data/policy-tree.ts';
import { useCollection } from '../../data/queries.ts';
import { useDenials } from '../../data/rights.ts';
import { ruleFilter } from '../../data/rule-filter.ts';
import { DragHandle } from '../../ui/DragHandle.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { type FilterChip, FilterChips } from '../../ui/FilterChips.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { SearchIcon } from '../../ui/icons.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { TableTools } from '../../ui/TableTools.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useColumns } from '../../ui/use-columns.ts';
import { useRowDrag } from '../../ui/use-row-drag.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { CellEditor } from './CellEditor.tsx';
import { usePeerText } from './PeerText.tsx';
import { PolicyDialog } from './PolicyDialog.tsx';
import { PolicyHead, TierHead } from './RowHeads.tsx';
import { PolicyMenu, RuleMenu, TierMenu } from './RowMenus.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { RuleGrid } from './RuleGrid.tsx';
import { useRuleColumns } from './rule-columns.tsx';

/** What is open over the table. */
export type Open =
  | { readonly kind: 'rule'; readonly policy: DraftPolicy; readonly rule: RuleInput }
  | { readonly kind: 'policy' | 'remove'; readonly policy: DraftPolicy }
  | undefined;

interface Props {
  readonly policies: readonly DraftPolicy[];
  readonly findings: Findings;
}

const MODES = ['enforced', 'staged', 'disabled'] as const;
const ONLY = ['changed', 'findings'] as const;

/** The rules of all tiers and policies in one table: found, read, edited in place, put into another order. */
export function RuleWorkspace({ policies, findings }: Props) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const toasts = useToasts();
  const router = useRouter();
  const here = useMatch({ strict: false, select: ({ pathname }) => pathname });
  const [open, setOpen] = useState<Open>();
  const edits = useDraftEdits();
  const denied = useDenials();
  const isLocked = useCallback(
    (policy: DraftPolicy) => policy.change === 'removed' || denied('policy:write', policy) !== undefined,
    [denied],
  );
  const { rows, chosen } = useRows(policies, findings);
  const indexes = useMemo(() => new Map(rows.map(({ id }, index) => [id, index])), [rows]);
  const indexOf = (id: string) => indexes.get(id) ?? -1;

  /** Where a policy or rule would come to stand in a gap, and what puts it there. */
  const landing = (id: string, gap: number) => {
    const row = rows[indexOf(id)];
    if (row?.kind === 'policy') {
      const at = policyInGap(rows, policies, row, gap);
      return (
        at && {
          words: t('drag.place', { ...at, where: t(`policy.tier.${at.tier}`) }),
          put: () => edits.movePolicy(id, at),
        }
      );
    }
    const at = placeInGap(rows, row as RuleRow, gap);
    return at && { words: t('drag.place', { ...at, where: at.policy.name }), put: () => edits.move(id, at) };
  };
  const drag = useRowDrag({
    count: rows.length,
    indexOf,
    span: (id) => spanOf(rows[indexOf(id)]),
    place: (id, gap) => landing(id, gap)?.words,
    onMove: (id, gap) => void landing(id, gap)?.put().catch(toasts.failed),
  });
  const addRule = useCallback((policy: DraftPolicy) => setOpen({ kind: 'rule', policy, rule: newRule() }), []);
  const openRule = useCallback(({ policy, rule }: RuleRow, change: Partial<RuleInput> = {}) => {
    setOpen({ kind: 'rule', policy, rule: { ...ruleInput(rule), ...change } });
  }, []);
  const ruleMenu = useCallback(
    (row: RuleRow): ReactNode => <RuleMenu row={row} edits={edits} onEdit={openRule} />,
    [edits, openRule],
  );
  const menu = useCallback(
    (row: TreeRow): ReactNode =>
      row.kind === 'tier' ? (
        <TierMenu tier={row.tier} />
      ) : (
        row.kind === 'policy' && (
          <PolicyMenu row={row} policies={policies} edits={edits} onOpen={setOpen} onAddRule={addRule} />
        )
      ),
    [edits, policies, addRule],
  );
  const openFindings = useCallback((rule: Rule) => patch({ findings: 'all', rule: String(rule.num) }), [patch]);
  const columns = useRuleColumns({
    events: drag.events,
    findings: findings.byRule,
    openFindings,
    menu: ruleMenu,
    isLocked,
    inspects: policies.some(({ rules }) => rules.some(({ inspect }) => inspect !== undefined)),
  });
  const view = useColumns('rules', columns);

  const folds = parseFolds(url['fold']);
  const onFold = useCallback(
    (row: TreeRow, folded: boolean) => {
      const holds = row.id === chosen?.id || row.id === chosen?.policyId || row.id === chosen?.tier;
      patch({
        fold: writeFolds(withFold(parseFolds(url['fold']), row.id, folded)),
        ...(folded && holds ? { rule: undefined, id: row.kind === 'policy' ? row.id : undefined } : {}),
      });
    },
    [patch, url, chosen],
  );
  const place = useCallback(
    ({ policy, index, count }: PolicyRow): ReactNode =>
      !isLocked(policy) && (
        <DragHandle id={policy.id} name={policy.name} position={index + 1} count={count} events={drag.events} />
      ),
    [isLocked, drag.events],
  );
  const head = useCallback(
    (row: TreeRow): ReactNode =>
      row.kind === 'tier' ? (
        <TierHead row={row} onFold={onFold} />
      ) : (
        row.kind === 'policy' && (
          <PolicyHead row={row} isLocked={isLocked(row.policy)} onFold={onFold} onAddRule={addRule} />
        )
      ),
    [onFold, addRule, isLocked],
  );
  const choose = (row: TreeRow) => {
    // The reader may be on the way to another page, whose address this is not.
    if (router.latestLocation.pathname !== here) return;
    patch({
      rule: row.kind === 'rule' ? String(row.rule.num) : undefined,
      id: row.kind === 'rule' ? row.policy.id : row.kind === 'policy' ? row.id : undefined,
    });
  };
  const search = useCallback((q: string) => patch({ q }), [patch]);
  const filters = [
    {
      key: 'action',
      label: t('policy.action'),
      values: Action.options.map((value) => ({ value, label: t(`policy.actions.${value}`) })),
    },
    {
      key: 'mode',
      label: t('policy.mode'),
      values: MODES.map((value) => ({ value, label: t(`policy.modes.${value}`) })),
    },
    {
      key: 'only',
      label: t('policy.only'),
      values: ONLY.map((value) => ({ value, label: t(`policy.onlys.${value}`) })),
    },
  ];
  const chips: FilterChip[] = [
    ...(url['q'] ? [{ key: 'q', name: t('table.search'), value: url['q'] }] : []),
    ...filters.flatMap(({ key, label, values }) => {
      const value = values.find((one) => one.value === url[key]);
      return value === undefined ? [] : [{ key, name: label, value: value.label }];
    }),
  ];
  const ruleRows = useMemo(() => rows.filter((row) => row.kind === 'rule'), [rows]);
  const total = useMemo(() => policies.reduce((sum, { rules }) => sum + rules.length, 0), [policies]);
  return (
    <div className="hv-list hv-rules">
      <div className="hv-toolbar">
        <SearchBox value={url['q'] ?? ''} onChange={search} />
        {filters.map(({ key, label, values }) => (
          <FilterSelect
            key={key}
            label={label}
            value={url[key]}
            choices={values}
            onChange={(value) => patch({ [key]: value })}
          />
        ))}
        <span className="hv-toolbar__space" />
        <span className="hv-count" aria-live="polite">
          {chips.length === 0
            ? t('policy.rules', { count: total })
            : t('table.filtered', { count: ruleRows.length, total })}
        </span>
        <Button
          variant="link"
          onClick={() =>
            patch({ fold: writeFolds(folds.all ? NOTHING_FOLDED : ALL_TIERS_OPEN), rule: undefined, id: undefined })
          }
        >
          {folds.all ? t('policy.unfoldAll') : t('policy.foldAll')}
        </Button>
        <TableTools name="rules" columns={columns} isShown={view.isShown} toggle={view.toggle} rows={ruleRows} />
      </div>
      <FilterChips
        chips={chips}
        onRemove={(key) => patch({ [key]: undefined })}
        onClear={() => patch(Object.fromEntries(chips.map(({ key }) => [key, undefined])))}
      />
      {rows.length === 0 ? (
        <EmptyTeach icon={SearchIcon} title={t('table.noMatch')} help={t('table.noMatchHelp')} />
      ) : (
        <RuleGrid
          rows={rows}
          indexOf={indexOf}
          columns={view.shown}
          drag={drag}
          chosen={chosen?.id}
          onChoose={choose}
          onFold={onFold}
          isLocked={isLocked}
          place={place}
          head={head}
          menu={menu}
          editor={(row, column, close) => (
            <CellEditor
              key={`${row.id} ${column.id}`}
              row={row}
              column={column.id}
              label={column.header}
              edits={edits}
              onClose={close}
              onDialog={(change) => {
                close();
                openRule(row, change);
              }}
            />
          )}
          footer={<p className="hv-rule-grid__end">{t('policy.implicit')}</p>}
        />
      )}
      {open !== undefined && <Dialogs open={open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

/** What moves with a row: of a policy, the rules that are shown. */
const spanOf = (row: TreeRow | undefined): number => (row?.kind === 'policy' && row.open ? 1 + row.rules : 1);

/** Folded policies in open tiers: what there is, on one screen. */
const ALL_TIERS_OPEN = { ...ALL_FOLDED, except: new Set(['emergency', 'platform', 'tenant', 'baseline']) };

/** The rows that the address bar asks for, and the one that it names: a rule by its number, or a policy. */
function useRows(policies: readonly DraftPolicy[], findings: Findings) {
  const [url] = useUrl();
  const peerText = usePeerText();
  const named = useCollection('namedServices').byId;
  const { tenant, rule: num, id, fold } = url;
  const visible = useMemo(
    () => policies.filter(({ tenantId }) => !tenant || tenantId === null || tenantId === tenant),
    [policies, tenant],
  );
  const matches = useMemo(() => {
    const namesOf = (rule: Rule) => [
      ...peerText(rule.from),
      ...peerText(rule.to),
      ...rule.namedServiceIds.flatMap((service) => named.get(service)?.name ?? []),
    ];
    return ruleFilter(url, { namesOf, findings: findings.byRule });
  }, [url, peerText, named, findings.byRule]);
  const chosen = useMemo(() => {
    for (const policy of visible) {
      const rule = num === undefined ? undefined : policy.rules.find((one) => String(one.num) === num);
      if (rule !== undefined) return { id: rule.id, policyId: policy.id, tier: policy.tier };
    }
    const policy = visible.find((one) => one.id === id);
    return policy && { id: policy.id, policyId: undefined, tier: policy.tier };
  }, [visible, num, id]);
  const rows = useMemo(() => {
    const folds = parseFolds(fold);
    const opened = new Set([chosen?.policyId, chosen?.tier]);
    return treeRows(visible, { matches, isFolded: (one) => !opened.has(one) && isFolded(folds, one) });
  }, [visible, matches, fold, chosen]);
  return { rows, chosen };
}

function Dialogs({ open, onClose }: { readonly open: NonNullable<Open>; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { policy } = open;
  switch (open.kind) {
    case 'rule':
      return <RuleDialog policy={policy} initial={open.rule} onClose={onClose} />;
    case 'policy':
      return <PolicyDialog policy={policy} onClose={onClose} onSaved={onClose} />;
    case 'remove':
      return (
        <RemoveDialog
          collection="policies"
          title={t('policy.deleteTitle', { name: policy.name })}
          help={t('policy.deleteHelp')}
          done={t('policy.policyDeleted', { name: policy.name })}
          remove={() => platform.deletePolicy({ params: { id: policy.id } })}
          onClose={onClose}
        />
      );
  }
}
