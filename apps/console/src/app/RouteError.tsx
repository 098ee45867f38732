import { Alert, Button } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

/** A screen that failed takes only itself down. */
export function RouteError({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  return (
    <Alert
      isInline
      variant="danger"
      title={t('error.title')}
      className="hv-error"
      actionLinks={
        <Button variant="link" isInline onClick={() => location.reload()}>
          {t('error.reload')}
        </Button>
      }
    >
      <p>{t('error.crash')}</p>
      <p>
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
    </Alert>
  );
}
