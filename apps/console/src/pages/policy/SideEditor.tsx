import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';
import { LinesField } from '../../ui/fields.tsx';
import { PickList } from '../../ui/PickList.tsx';

/** A side while it is edited: lists of ids by the names of their fields, and blocks that are still text. */
type SideDraft<K extends string> = { readonly [P in K]: readonly string[] } & { readonly cidrs: string };

interface Part<K> {
  readonly part: K;
  readonly label: string;
  readonly choices: readonly { readonly id: string; readonly name: string }[];
}

interface Props<K extends string, D extends SideDraft<K>> {
  readonly legend: string;
  readonly parts: readonly Part<K>[];
  readonly side: D;
  readonly onChange: (side: D) => void;
  readonly problem: (field: K | 'cidrs') => string | undefined;
  /** What only some sides have. */
  readonly children?: ReactNode;
}

/** One side of what is said of traffic: the union of what is named; with nothing named, anyone. */
export function SideEditor<K extends string, D extends SideDraft<K>>(props: Props<K, D>) {
  const { legend, parts, side, onChange, problem, children } = props;
  const { t } = useTranslation();
  return (
    <fieldset className="hv-side">
      <legend>{legend}</legend>
      <p className="hv-muted hv-small">{t('policy.peerHelp')}</p>
      {parts.map(({ part, label, choices }) => (
        <Field key={part} label={label} problem={problem(part)}>
          {(input) => (
            <PickList
              {...input}
              placeholder={label}
              choices={choices}
              chosen={side[part]}
              onChange={(ids) => onChange({ ...side, [part]: [...ids] })}
            />
          )}
        </Field>
      ))}
      <LinesField
        label={t('policy.cidrsField')}
        help={t('policy.cidrsHelp')}
        problem={problem('cidrs')}
        rows={2}
        value={side.cidrs}
        onChange={(cidrs) => onChange({ ...side, cidrs })}
      />
      {children}
    </fieldset>
  );
}
