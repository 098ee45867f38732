import type { NotificationRoute, NotificationTest } from '@hypervigil/model';
import { Alert } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { useErrorText } from '../../ui/error-text.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { useDeliveryText } from './use-delivery-text.ts';

/** Sends a test message, and tells what the other side said. */
export function useRouteTest(route: NotificationRoute) {
  const { t } = useTranslation();
  const texts = useDeliveryText();
  const [result, setResult] = useState<NotificationTest>();
  const test = useSave(
    'notificationRoutes',
    () => {
      setResult(undefined);
      return platform.testNotificationRoute({ params: { id: route.id } });
    },
    setResult,
  );
  const failure = useErrorText(test.error);
  const button = (
    <MayButton
      permission="notification:write"
      subject={route}
      variant="primary"
      isLoading={test.isPending}
      onClick={() => test.mutate()}
    >
      {test.isPending ? t('notificationRoutes.testing') : t('notificationRoutes.test')}
    </MayButton>
  );
  const said = result?.answer ? t('notificationRoutes.said', { answer: result.answer }) : undefined;
  const outcome = (
    <div aria-live="polite">
      {test.error !== null && <Alert isInline variant="danger" title={failure} />}
      {result?.ok === true && (
        <Alert isInline variant="success" title={t('notificationRoutes.testOk', { milliseconds: result.milliseconds })}>
          {said}
        </Alert>
      )}
      {result?.problem && (
        <Alert isInline variant="danger" title={t('notificationRoutes.testFailed')}>
          {texts.problem(result.problem)}
        </Alert>
      )}
    </div>
  );
  return { button, outcome };
}
