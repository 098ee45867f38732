import type { RuleInput } from '@hypervigil/contract';
import { Action } from '@hypervigil/model';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RuleMode, ruleMode, withMode } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import {
  cidrToken,
  peerOfTokens,
  peerTokens,
  servicesOfTokens,
  serviceToken,
  serviceTokens,
} from '../../data/rule-tokens.ts';
import { CellPopover } from '../../ui/CellPopover.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { fromLocal, toLocal } from '../../ui/local-time.ts';
import { TypeAhead, type TypeAheadOption } from '../../ui/TypeAhead.tsx';
import { ModeLabel } from './ModeLabel.tsx';
import { TokenEditor } from './TokenEditor.tsx';
import { type CellPlace, type CellSave, useCellSave } from './use-cell-save.ts';
import { useTokenNames } from './use-token-names.ts';

export interface CellProps {
  /** What the column is called. */
  readonly label: string;
  readonly cell: CellSave;
}

/** The editors of a rule, by the column that they stand over. */
export const CELL_EDITORS: Readonly<Record<string, ComponentType<CellProps>>> = {
  name: (props) => <TextEditor {...props} field="name" />,
  comment: (props) => <TextEditor {...props} field="comment" />,
  owner: (props) => <TextEditor {...props} field="owner" />,
  from: (props) => <PeerCell {...props} side="from" />,
  to: (props) => <PeerCell {...props} side="to" />,
  services: ServicesCell,
  action: ActionCell,
  mode: ModeCell,
  log: LogCell,
  schedule: ScheduleCell,
  expires: ExpiresCell,
};

interface Props extends CellPlace {
  readonly column: string;
  readonly label: string;
}

export function CellEditor({ column, label, ...place }: Props) {
  const cell = useCellSave(place);
  const Editor = CELL_EDITORS[column]!;
  return <Editor label={label} cell={cell} />;
}

function TextEditor({ label, cell, field }: CellProps & { readonly field: 'name' | 'comment' | 'owner' }) {
  const [text, setText] = useState(cell.rule[field]);
  const missing = field === 'name' && text.trim() === '';
  return (
    <CellPopover
      {...cell}
      label={label}
      onCommit={() => (missing ? cell.onCancel() : cell.save({ [field]: text.trim() }))}
    >
      <input
        className="hv-cell-editor__text"
        aria-label={label}
        aria-invalid={cell.problem !== undefined}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
      />
    </CellPopover>
  );
}

function PeerCell({ label, cell, side }: CellProps & { readonly side: 'from' | 'to' }) {
  const { t } = useTranslation();
  const { options, nameOf } = useTokenNames(['group', 'tenant', 'addressSet']);
  return (
    <TokenEditor
      label={label}
      cell={cell}
      initial={peerTokens(cell.rule[side])}
      options={options}
      nameOf={nameOf}
      read={cidrToken}
      unread={(text) => t('cell.noPeer', { text })}
      onCommit={(tokens) => cell.save({ [side]: peerOfTokens(tokens) })}
    />
  );
}

function ServicesCell({ label, cell }: CellProps) {
  const { t } = useTranslation();
  const { options, nameOf } = useTokenNames(['namedService']);
  return (
    <TokenEditor
      label={label}
      cell={cell}
      initial={serviceTokens(cell.rule)}
      options={options}
      nameOf={nameOf}
      read={serviceToken}
      unread={(text) => t('policy.servicesBad', { line: text })}
      onCommit={(tokens) => cell.save(servicesOfTokens(tokens))}
    />
  );
}

interface ChoiceProps extends CellProps {
  readonly current: string;
  readonly options: readonly TypeAheadOption[];
  readonly patchOf: (key: string) => Partial<RuleInput>;
}

/** One of few: choosing it saves it. */
function ChoiceCell({ label, cell, current, options, patchOf }: ChoiceProps) {
  const [text, setText] = useState('');
  return (
    <CellPopover {...cell} label={label} onCommit={cell.onCancel}>
      <TypeAhead
        label={label}
        options={options}
        current={current}
        invalid={cell.problem !== undefined}
        text={text}
        onText={setText}
        onChoose={(key) => cell.save(patchOf(key))}
      />
    </CellPopover>
  );
}

/** Inspecting needs to be told through which gateways: that is asked where there is room for it. */
function ActionCell(props: CellProps) {
  const { t } = useTranslation();
  const options = Action.options.map((key) => ({
    key,
    name: t(`policy.actions.${key}`),
    content: <ActionLabel action={key} />,
    kind: t(`policy.actionHelp.${key}`),
  }));
  const actionOf = (key: string): Partial<RuleInput> =>
    key === 'inspect' ? { action: 'inspect' } : { action: Action.parse(key), inspect: undefined };
  return <ChoiceCell {...props} current={props.cell.rule.action} options={options} patchOf={actionOf} />;
}

const MODES: readonly RuleMode[] = ['enforced', 'staged', 'disabled'];

function ModeCell(props: CellProps) {
  const { t } = useTranslation();
  const options = MODES.map((key) => ({
    key,
    name: t(`policy.modes.${key}`),
    content: <ModeLabel mode={key} />,
    kind: t(`policy.modeHelp.${key}`),
  }));
  return (
    <ChoiceCell
      {...props}
      current={ruleMode(props.cell.rule)}
      options={options}
      patchOf={(key) => withMode(MODES.find((mode) => mode === key)!)}
    />
  );
}

function LogCell(props: CellProps) {
  const { t } = useTranslation();
  const options = [
    { key: 'on', name: t('common.on') },
    { key: 'off', name: t('common.off') },
  ];
  return (
    <ChoiceCell
      {...props}
      current={props.cell.rule.log ? 'on' : 'off'}
      options={options}
      patchOf={(key) => ({ log: key === 'on' })}
    />
  );
}

const ALWAYS = 'always';

function ScheduleCell(props: CellProps) {
  const { t } = useTranslation();
  const schedules = useCollection('schedules').items;
  const options = [
    { key: ALWAYS, name: t('policy.always') },
    ...schedules.map(({ id, name, zone }) => ({ key: id, name, kind: zone })),
  ];
  return (
    <ChoiceCell
      {...props}
      current={props.cell.rule.scheduleId ?? ALWAYS}
      options={options}
      patchOf={(key) => ({ scheduleId: key === ALWAYS ? null : key })}
    />
  );
}

function ExpiresCell({ label, cell }: CellProps) {
  const [text, setText] = useState(toLocal(cell.rule.expiresAt));
  return (
    <CellPopover {...cell} label={label} onCommit={() => cell.save({ expiresAt: fromLocal(text) })}>
      <input
        type="datetime-local"
        className="hv-cell-editor__text"
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </CellPopover>
  );
}
