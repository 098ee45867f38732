import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../data/analysis.ts';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import type { UrlPatch } from '../../ui/use-url.ts';

interface Props extends Pick<Question, 'of' | 'service'> {
  readonly q: string;
  readonly error: unknown;
  readonly onChange: (patch: UrlPatch) => void;
}

/** Of which groups, which policy, and which service; Enter asks of the service. */
export function MatrixTools({ q, of, service, error, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(service);
  const problem = useProblemText(error);
  const find = useCallback((next: string) => onChange({ q: next || undefined }), [onChange]);
  const ofs = (['draft', 'published'] as const).map((value) => ({ value, label: t(`reach.of.${value}`) }));
  return (
    <form
      className="hv-matrix-tools"
      aria-label={t('matrix.title')}
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ service: text.trim() || undefined });
      }}
    >
      <SearchBox value={q} label={t('matrix.find')} onChange={find} />
      <SelectField
        label={t('reach.ofLabel')}
        value={of}
        options={ofs}
        onChange={(value) => onChange({ of: value === 'draft' ? undefined : value })}
      />
      <TextField
        label={t('reach.service')}
        problem={problem('service')}
        placeholder={t('policy.allServices')}
        value={text}
        onChange={setText}
      />
    </form>
  );
}
