import { FormSelect, FormSelectOption, TextArea, TextInput, type TextInputProps } from '@patternfly/react-core';
import { useCollection } from '../data/queries.ts';
import { useOwnTenant } from '../data/rights.ts';
import { Field } from './Field.tsx';

interface FieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  readonly value: string;
}

interface TextFieldProps
  extends FieldProps,
    Pick<TextInputProps, 'inputMode' | 'autoComplete' | 'type' | 'placeholder' | 'list'> {
  readonly required?: boolean;
  readonly onChange: (value: string) => void;
}

/** One line of text. */
export function TextField({ label, help, problem, required = false, onChange, ...text }: TextFieldProps) {
  return (
    <Field label={label} help={help} problem={problem} required={required}>
      {(input) => <TextInput {...input} {...text} isRequired={required} onChange={(_, value) => onChange(value)} />}
    </Field>
  );
}

interface LinesFieldProps extends FieldProps {
  readonly rows: number;
  readonly onChange: (value: string) => void;
}

/** Several things, one a line, in type of a fixed width: addresses, tags, services. */
export function LinesField({ label, help, problem, rows, value, onChange }: LinesFieldProps) {
  return (
    <Field label={label} help={help} problem={problem}>
      {(input) => (
        <TextArea {...input} rows={rows} className="hv-mono" value={value} onChange={(_, text) => onChange(text)} />
      )}
    </Field>
  );
}

interface SelectFieldProps<T extends string> extends FieldProps {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of few. */
export function SelectField<T extends string>({ label, help, problem, value, options, onChange }: SelectFieldProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <Field label={label} help={help} problem={problem}>
      {(input) => (
        <FormSelect {...input} value={value} onChange={(_, chosen) => choose(chosen)}>
          {options.map((option) => (
            <FormSelectOption key={option.value} {...option} />
          ))}
        </FormSelect>
      )}
    </Field>
  );
}

interface TenantFieldProps extends FieldProps {
  /** What it means to choose none. */
  readonly none: string;
  readonly onChange: (value: string) => void;
}

/** A tenant by its id, or none. What people of a tenant write is that tenant's, and they are not asked. */
export function TenantField({ none, ...field }: TenantFieldProps) {
  const own = useOwnTenant();
  const tenants = useCollection('tenants').items;
  const options = [{ value: '', label: none }, ...tenants.map(({ id, name }) => ({ value: id, label: name }))];
  return own === null ? <SelectField {...field} options={options} /> : null;
}
