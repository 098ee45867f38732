import type { Closing } from '@hypervigil/contract';
import { ALERT_RESOLUTIONS, type AlertResolution, EXCEPTION_DAYS, ExceptionExtent } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

const DAYS = [0, 1, 7, EXCEPTION_DAYS, 90, 365];

interface Props {
  readonly title: string;
  readonly help: string;
  /** What is said afterwards. */
  readonly done: string;
  readonly collection: 'alerts' | 'incidents';
  readonly close: (body: Closing) => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks what an alert, or all of an incident, turned out to be. */
export function CloseDialog({ title, help, done, collection, close, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [resolution, setResolution] = useState<AlertResolution>('true');
  const [comment, setComment] = useState('');
  const [days, setDays] = useState(EXCEPTION_DAYS);
  const [extent, setExtent] = useState<ExceptionExtent>('same');
  const isExpected = resolution === 'expected';
  const body = {
    resolution,
    ...(comment.trim() !== '' && { comment }),
    ...(isExpected && { exceptionDays: days, exceptionFor: extent }),
  };
  const save = useSave(
    collection,
    () => close(body),
    () => {
      toasts.done(done);
      onClose();
    },
  );
  const problem = useProblemText(save.error);
  return (
    <Dialog
      title={title}
      help={help}
      submit={title}
      busy={save.isPending}
      error={save.error}
      shownFields={(field) => field === 'comment'}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <SelectField
        label={t('alerts.resolution')}
        value={resolution}
        options={ALERT_RESOLUTIONS.map((value) => ({ value, label: t(`alerts.resolutions.${value}`) }))}
        onChange={setResolution}
      />
      {isExpected && (
        <SelectField
          label={t('alerts.exceptions.days')}
          help={t('alerts.exceptions.daysHelp')}
          value={String(days)}
          options={DAYS.map((count) => ({
            value: String(count),
            label: count === 0 ? t('alerts.exceptions.none') : t('alerts.exceptions.forDays', { count }),
          }))}
          onChange={(chosen) => setDays(Number(chosen))}
        />
      )}
      {isExpected && days > 0 && (
        <SelectField
          label={t('alerts.exceptions.extent')}
          value={extent}
          options={ExceptionExtent.options.map((value) => ({ value, label: t(`alerts.exceptions.extents.${value}`) }))}
          onChange={setExtent}
        />
      )}
      <TextField label={t('alerts.comment')} problem={problem('comment')} value={comment} onChange={setComment} />
    </Dialog>
  );
}
