import { parseServices, type Service, writeService } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinesField } from './fields.tsx';
import { linesOf } from './lines.ts';

export interface ServicesDraft {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** None while a line is no service. */
  readonly services: Service[];
  readonly bad: string | undefined;
}

/** Services while somebody writes them, one a line. */
export function useServices(initial: readonly Service[]): ServicesDraft {
  const [text, setText] = useState(() => initial.map(writeService).join('\n'));
  const parsed = parseServices(linesOf(text));
  return 'bad' in parsed
    ? { text, setText, services: [], bad: parsed.bad }
    : { text, setText, services: parsed.services, bad: undefined };
}

interface Props {
  readonly draft: ServicesDraft;
  readonly help: string;
  readonly rows?: number;
  /** What the platform says of them. */
  readonly problem: string | undefined;
}

export function ServicesField({ draft: { text, setText, bad }, help, rows = 2, problem }: Props) {
  const { t } = useTranslation();
  return (
    <LinesField
      label={t('policy.services')}
      help={help}
      problem={bad === undefined ? problem : t('policy.servicesBad', { line: bad })}
      rows={rows}
      value={text}
      onChange={setText}
    />
  );
}
