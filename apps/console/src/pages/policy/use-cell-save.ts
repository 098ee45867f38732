import { languageOf, problemText, type RuleInput } from '@hypervigil/contract';
import type { Rule } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftEdits } from '../../data/draft-edits.ts';
import { withPatch } from '../../data/policy-edit.ts';
import type { RuleRow } from '../../data/policy-tree.ts';
import { problemsOf, useErrorText } from '../../ui/error-text.ts';

export interface CellPlace {
  readonly row: RuleRow;
  readonly edits: DraftEdits;
  readonly onClose: () => void;
  /** What cannot be said in a cell is said in the dialog of the rule. */
  readonly onDialog: (patch: Partial<RuleInput>) => void;
}

export interface CellSave {
  readonly rule: Rule;
  readonly busy: boolean;
  /** Why the platform did not take it. */
  readonly problem: string | undefined;
  readonly save: (patch: Partial<RuleInput>) => void;
  readonly onCancel: () => void;
}

/** One field of a rule on its way into the draft; the editor closes when it is there. */
export function useCellSave({ row, edits, onClose, onDialog }: CellPlace): CellSave {
  const { i18n } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { rule, policy } = row;
  const failed = useErrorText(error);
  const [problem] = problemsOf(error);
  const save = (patch: Partial<RuleInput>) => {
    if (patch.action === 'inspect' && rule.inspect === undefined) return onDialog(patch);
    const same = Object.entries(patch).every(
      ([field, value]) => JSON.stringify(rule[field as keyof Rule]) === JSON.stringify(value),
    );
    if (same) return onClose();
    setBusy(true);
    edits
      .change(policy.id, (now) => withPatch(now, rule.id, patch))
      .then(onClose, (reason: unknown) => {
        setBusy(false);
        setError(reason);
      });
  };
  return {
    rule,
    busy,
    problem:
      error === null ? undefined : problem === undefined ? failed : problemText(languageOf(i18n.language), problem),
    save,
    onCancel: onClose,
  };
}
