import type { AlertDetail } from '@hypervigil/contract';
import { Form } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { TextField } from '../../ui/fields.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { AbsoluteTime } from '../../ui/RelativeTime.tsx';

/** What people have written about an alert, and a line to write more. */
export function AlertComments({ alert }: { readonly alert: AlertDetail }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const save = useSave(
    'alerts',
    () => platform.commentAlert({ params: { id: alert.id }, body: { text } }),
    () => setText(''),
  );
  return (
    <Panel title={t('alerts.comments')}>
      {alert.comments.length === 0 ? (
        <p className="hv-muted">{t('alerts.noComments')}</p>
      ) : (
        <ul className="hv-plain-list">
          {alert.comments.map(({ id, at, author, text: written }) => (
            <li key={id}>
              <span>{written}</span>
              <span className="hv-muted">
                {author} · <AbsoluteTime at={at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Form
        className="hv-below"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') save.mutate();
        }}
      >
        {save.error != null && <ErrorPanel error={save.error} />}
        <TextField label={t('alerts.comment')} value={text} onChange={setText} />
        <div className="hv-row">
          <MayButton
            permission="alert:write"
            subject={alert}
            type="submit"
            variant="secondary"
            isLoading={save.isPending}
          >
            {t('alerts.commentAdd')}
          </MayButton>
        </div>
      </Form>
    </Panel>
  );
}
