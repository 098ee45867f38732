import { languageOf, problemText } from '@hypervigil/contract';
import { Alert, AlertActionCloseButton, Button, ClipboardCopy } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { problemsOf, requestIdOf, useErrorText } from './error-text.ts';

interface Props {
  readonly error: unknown;
  readonly title?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
  readonly onClose?: (() => void) | undefined;
  /** Fields that show their own problem; the rest is listed here. */
  readonly shownFields?: (field: string) => boolean;
}

/** What failed, what to do, and the id by which the platform's log knows it. */
export function ErrorPanel({ error, title, onRetry, onClose, shownFields }: Props) {
  const { t, i18n } = useTranslation();
  const text = useErrorText(error);
  const requestId = requestIdOf(error);
  const rest = problemsOf(error).filter((problem) => shownFields?.(problem.field) !== true);
  return (
    <Alert
      isInline
      variant="danger"
      title={title ?? t('error.title')}
      className="hv-error"
      {...(onRetry === undefined
        ? {}
        : {
            actionLinks: (
              <Button variant="link" isInline onClick={onRetry}>
                {t('common.retry')}
              </Button>
            ),
          })}
      {...(onClose === undefined ? {} : { actionClose: <AlertActionCloseButton onClose={onClose} /> })}
    >
      <p>{text}</p>
      {rest.length > 0 && (
        <ul className="hv-problems">
          {rest.map((problem) => (
            <li key={`${problem.field} ${problem.code}`}>
              {problem.field !== '' && <code>{problem.field}</code>} {problemText(languageOf(i18n.language), problem)}
            </li>
          ))}
        </ul>
      )}
      {requestId !== '' && (
        <p className="hv-request-id">
          {t('error.requestId')}{' '}
          <ClipboardCopy
            variant="inline-compact"
            isCode
            hoverTip={t('error.copyId')}
            clickTip={t('common.copied')}
            copyAriaLabel={t('error.copyId')}
          >
            {requestId}
          </ClipboardCopy>
        </p>
      )}
    </Alert>
  );
}
