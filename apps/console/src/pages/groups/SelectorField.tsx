import { TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/Field.tsx';

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

/** Some of the text on both sides of a character; the message beside it says the place in words. */
function MarkedPlace({ text, at }: { readonly text: string; readonly at: number }) {
  const start = Math.max(0, at - CONTEXT);
  return (
    <code className="hv-marked" aria-hidden="true">
      {start > 0 && '…'}
      {text.slice(start, at)}
      <mark>{text.slice(at, at + 1) || ' '}</mark>
      {text.slice(at + 1, at + CONTEXT)}
    </code>
  );
}

const CONTEXT = 40;
