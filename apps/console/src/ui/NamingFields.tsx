import { useTranslation } from 'react-i18next';
import { TextField } from './fields.tsx';
import type { Naming } from './use-naming.ts';

interface Props {
  readonly naming: Naming;
  readonly problem: (field: string) => string | undefined;
}

/** What nearly everything that people write begins with. */
export function NamingFields({ naming: { values, set }, problem }: Props) {
  const { t } = useTranslation();
  const fields = { name: t('common.name'), description: t('common.description') };
  return (['name', 'description'] as const).map((field) => (
    <TextField
      key={field}
      label={fields[field]}
      problem={problem(field)}
      required={field === 'name'}
      value={values[field]}
      onChange={(text) => set({ ...values, [field]: text })}
    />
  ));
}
