import { deliveryText, languageOf } from '@hypervigil/contract';
import type { DeliveryProblem, NotificationDelivery } from '@hypervigil/model';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAlertText } from '../alerts/use-alert-text.ts';

interface DeliveryTexts {
  /** What a message tells. */
  readonly what: (delivery: NotificationDelivery) => string;
  readonly problem: (problem: DeliveryProblem) => string;
  /** Why it did not arrive, or what the other side said. */
  readonly outcome: (delivery: NotificationDelivery) => string;
}

/** What became of messages, in the reader's language. */
export function useDeliveryText(): DeliveryTexts {
  const { t, i18n } = useTranslation();
  const alertText = useAlertText();
  return useMemo(() => {
    const problem = (one: DeliveryProblem) => deliveryText(languageOf(i18n.language), one);
    return {
      problem,
      what: ({ event, code, count }) =>
        code === null || event === 'digest' ? t('deliveries.digest', { count }) : alertText.title(code),
      outcome: (delivery) => {
        if (delivery.problem !== null) return problem(delivery.problem);
        if (delivery.state === 'held') return t('deliveries.heldHelp');
        return delivery.answer ?? '';
      },
    };
  }, [t, i18n.language, alertText]);
}
