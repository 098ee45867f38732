import { Label, LabelGroup } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface Choice {
  readonly id: string;
  readonly name: string;
}
interface Props {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly validated: 'default' | 'error';
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

const MAX_SUGGESTED = 50;

/** Several of many, by name: type to find, choose to add, close a label to remove. The browser's own list is the popup. */
export function PickList({ id, placeholder, choices, chosen, onChange, validated, ...described }: Props) {
  const { t } = useTranslation();
  const list = useId();
  const [text, setText] = useState('');
  const names = new Map(choices.map((choice) => [choice.id, choice.name]));
  const left = choices.filter((choice) => !chosen.includes(choice.id));
  const suggested = left
    .filter((choice) => choice.name.toLowerCase().includes(text.toLowerCase()))
    .slice(0, MAX_SUGGESTED);
  const take = (value: string) => {
    const found = left.find((choice) => choice.name === value);
    if (found === undefined) {
      setText(value);
      return;
    }
    onChange([...chosen, found.id]);
    setText('');
  };
  return (
    <div className="hv-pick">
      {chosen.length > 0 && (
        <LabelGroup numLabels={30} aria-label={placeholder}>
          {chosen.map((one) => (
            <Label
              key={one}
              isCompact
              variant="outline"
              onClose={() => onChange(chosen.filter((other) => other !== one))}
              closeBtnAriaLabel={`${t('common.remove')}: ${names.get(one) ?? one}`}
            >
              {names.get(one) ?? one}
            </Label>
          ))}
        </LabelGroup>
      )}
      <input
        {...described}
        aria-invalid={validated === 'error'}
        id={id}
        className="hv-pick__input"
        list={list}
        placeholder={placeholder}
        value={text}
        onChange={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (suggested.length > 0 && text !== '') take(suggested[0]!.name);
        }}
      />
      <datalist id={list}>
        {suggested.map((choice) => (
          <option key={choice.id} value={choice.name} />
        ))}
      </datalist>
    </div>
  );
}
