import { type Alert, responseCan } from '@hypervigil/model';
import { Alert as Banner } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { StepDialog } from './StepDialog.tsx';
import { useWhyNot } from './use-why-not.ts';

/** What the tenant of an alert is asked about it, as long as nobody has answered. */
export function OpenQuestion({ alert }: { readonly alert: Alert }) {
  const { t } = useTranslation();
  const whyNot = useWhyNot();
  const [answering, setAnswering] = useState(false);
  const question = useCollection('responses').items.find(
    (response) => response.alertId === alert.id && responseCan('answer', response),
  );
  if (question === undefined) return null;
  return (
    <>
      <Banner
        isInline
        component="h2"
        className="hv-banner"
        variant="info"
        title={t('responses.sentence', { by: question.doneBy, question: question.reason })}
        actionLinks={
          <MayButton
            permission="alert:write"
            subject={alert}
            disabledReason={whyNot('answer', question)}
            variant="secondary"
            onClick={() => setAnswering(true)}
          >
            {t('responses.answer')}
          </MayButton>
        }
      />
      {answering && <StepDialog asked={{ response: question, step: 'answer' }} onClose={() => setAnswering(false)} />}
    </>
  );
}
