import { useTranslation } from 'react-i18next';
import { TextField } from './fields.tsx';

interface NamingFieldsProps {
  readonly name: string;
  readonly description: string;
  readonly problem: (field: string) => string | undefined;
  readonly onName: (name: string) => void;
  readonly onDescription: (description: string) => void;
}

/** What nearly everything that people write begins with. */
export function NamingFields({ name, description, problem, onName, onDescription }: NamingFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={onName} />
      <TextField
        label={t('common.description')}
        problem={problem('description')}
        value={description}
        onChange={onDescription}
      />
    </>
  );
}
