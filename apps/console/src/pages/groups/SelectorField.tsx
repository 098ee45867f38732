import { TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';
import { MarkedPlace } from '../../ui/MarkedPlace.tsx';

interface Props {
  readonly value: string;
  readonly problem: string | undefined;
  /** Place of the character that is wrong, from 1. */
  readonly mistakeAt: number | undefined;
  /** How many VMs it finds. */
  readonly found: number;
  readonly onChange: (value: string) => void;
}

/** A selector as people type it: the mistake is shown where it is, else how many VMs it finds. */
export function SelectorField({ value, problem, mistakeAt, found, onChange }: Props) {
  const { t } = useTranslation();
  const help = value.trim() === '' ? t('groups.selectorHelp') : t('groups.selectorFinds', { count: found });
  return (
    <Field label={t('groups.selector')} help={help} problem={problem}>
      {(input) => (
        <>
          <TextArea
            {...input}
            rows={2}
            className="hv-mono"
            spellCheck={false}
            value={value}
            placeholder={t('groups.selectorExample')}
            onChange={(_, text) => onChange(text)}
          />
          {mistakeAt !== undefined && <MarkedPlace text={value} at={mistakeAt - 1} />}
        </>
      )}
    </Field>
  );
}
