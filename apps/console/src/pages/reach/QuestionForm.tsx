import { Button } from '@patternfly/react-core';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../data/analysis.ts';
import { useCollection } from '../../data/queries.ts';
import { ANYONE, wheresOf } from '../../data/question.ts';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { FlowsIcon } from '../../ui/icons.tsx';

/** The browser's own list shows no more. */
const MAX_SUGGESTED = 200;

interface Props {
  readonly asked: Question | undefined;
  readonly error: unknown;
  readonly onAsk: (question: { readonly [K in keyof Question]: string | undefined }) => void;
}

/** Who, to whom, on what; an empty side is anyone. */
export function QuestionForm({ asked, error, onAsk }: Props) {
  const { t } = useTranslation();
  const list = useId();
  const wheres = useWheres();
  const readable = (text = '') => (text === ANYONE ? '' : (wheres.find(({ id }) => text.endsWith(id))?.where ?? text));
  const [from, setFrom] = useState(() => readable(asked?.from));
  const [to, setTo] = useState(() => readable(asked?.to));
  const [service, setService] = useState(asked?.service ?? '');
  const [of, setOf] = useState<Question['of']>(asked?.of ?? 'draft');
  const problem = useProblemText(error);
  const ask = (sides: { from: string; to: string }) =>
    onAsk({
      from: sides.from.trim() || ANYONE,
      to: sides.to.trim() || ANYONE,
      service: service.trim() || undefined,
      of: of === 'draft' ? undefined : of,
    });
  const ofs = (['draft', 'published'] as const).map((value) => ({ value, label: t(`reach.of.${value}`) }));
  return (
    <form
      className="hv-question"
      aria-label={t('reach.title')}
      onSubmit={(event) => {
        event.preventDefault();
        ask({ from, to });
      }}
    >
      <TextField
        label={t('policy.from')}
        problem={problem('from')}
        placeholder={t('common.anyone')}
        list={list}
        value={from}
        onChange={setFrom}
      />
      <Button
        variant="plain"
        icon={<FlowsIcon />}
        aria-label={t('reach.swap')}
        title={t('reach.swap')}
        className="hv-question__swap"
        onClick={() => ask({ from: to, to: from })}
      />
      <TextField
        label={t('policy.to')}
        problem={problem('to')}
        placeholder={t('common.anyone')}
        list={list}
        value={to}
        onChange={setTo}
      />
      <TextField
        label={t('reach.service')}
        problem={problem('service')}
        placeholder={t('policy.allServices')}
        value={service}
        onChange={setService}
      />
      <SelectField label={t('reach.ofLabel')} value={of} options={ofs} onChange={setOf} />
      <Button type="submit" className="hv-question__ask">
        {t('reach.ask')}
      </Button>
      <datalist id={list}>
        {wheres.slice(0, MAX_SUGGESTED).map(({ id, where }) => (
          <option key={id} value={where} />
        ))}
      </datalist>
      <p className="hv-question__help hv-muted hv-small">{t('reach.help')}</p>
    </form>
  );
}

function useWheres() {
  const groups = useCollection('groups').items;
  const tenants = useCollection('tenants').items;
  const vms = useCollection('vms').items;
  return useMemo(
    () => [
      { id: 'outside', where: 'outside' },
      ...wheresOf('group', groups),
      ...wheresOf('tenant', tenants),
      ...wheresOf('vm', vms),
    ],
    [groups, tenants, vms],
  );
}
