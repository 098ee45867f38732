import { Skeleton } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from './ErrorPanel.tsx';

interface Props {
  readonly loading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** Shown in place of the table when there is nothing at all. */
  readonly empty: ReactNode | false;
  readonly children: ReactNode;
}

/** The states that every list has: reading, failed, empty, and full. */
export function ListFrame({ loading, error, retry, empty, children }: Props) {
  const { t } = useTranslation();
  if (error != null) return <ErrorPanel error={error} title={t('error.load')} onRetry={retry} />;
  if (loading)
    return (
      <div className="hv-loading" role="status" aria-label={t('shell.loading')}>
        {Array.from({ length: 8 }, (_, n) => `row-${n}`).map((key) => (
          <Skeleton key={key} height="1.25rem" />
        ))}
      </div>
    );
  return empty === false ? children : empty;
}
