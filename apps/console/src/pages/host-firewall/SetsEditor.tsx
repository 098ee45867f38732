import { Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { type PolicyDraft, type SetDraft, withNewSet, withoutSet } from '../../data/firewall-edit.ts';
import { LinesField, TextField } from '../../ui/fields.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';

interface Props {
  readonly draft: PolicyDraft;
  readonly problem: (index: number) => string | undefined;
  readonly onChange: (draft: PolicyDraft) => void;
}

/** The address sets by which rules say who is at the other end. */
export function SetsEditor({ draft, problem, onChange }: Props) {
  const { t } = useTranslation();
  const put = (index: number, set: SetDraft) => onChange({ ...draft, sets: draft.sets.with(index, set) });
  return (
    <Panel
      title={t('hostFirewall.sets')}
      actions={
        <Button
          variant="secondary"
          size="sm"
          icon={<PlusIcon />}
          isDisabled={draft.sets.length >= 64}
          onClick={() => onChange(withNewSet(draft))}
        >
          {t('hostFirewall.addSet')}
        </Button>
      }
    >
      {draft.sets.length === 0 && <p className="hv-muted">{t('hostFirewall.setsHelp')}</p>}
      <div className="hv-sides">
        {draft.sets.map((set, index) => (
          <fieldset key={set.key} className="hv-side">
            <legend>{set.name === '' ? t('hostFirewall.newSet') : set.name}</legend>
            <TextField
              label={t('common.name')}
              required
              problem={problem(index)}
              value={set.name}
              onChange={(name) => put(index, { ...set, name })}
            />
            <LinesField
              label={t('policy.cidrsField')}
              help={t('policy.cidrsHelp')}
              rows={3}
              value={set.cidrs}
              onChange={(cidrs) => put(index, { ...set, cidrs })}
            />
            <Button variant="link" isInline isDanger onClick={() => onChange(withoutSet(draft, set.key))}>
              {t('common.delete')}
            </Button>
          </fieldset>
        ))}
      </div>
    </Panel>
  );
}
