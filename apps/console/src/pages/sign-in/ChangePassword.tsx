import { Button, Form, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { sessionOptions } from '../../data/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Field } from '../../ui/Field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Entrance } from './Entrance.tsx';

const MIN_LENGTH = 12;

/** Forced after the one-time password; from the account menu at any time. */
export function ChangePassword({
  forced = false,
  known,
  onDone,
}: {
  readonly forced?: boolean;
  /** The current password, when it was typed a moment ago: nobody is asked twice. */
  readonly known?: string | undefined;
  readonly onDone?: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const [current, setCurrent] = useState(known ?? '');
  const [next, setNext] = useState('');
  const [repeat, setRepeat] = useState('');
  const change = useMutation({
    mutationFn: () => platform.changePassword({ body: { current, next } }),
    onSuccess: (session) => {
      client.setQueryData(sessionOptions.queryKey, session);
      toasts.done(t('signIn.changed'));
      onDone?.();
    },
  });
  const short = next !== '' && next.length < MIN_LENGTH;
  const differs = repeat !== '' && repeat !== next;
  const fields = [
    ...(known === undefined
      ? [
          {
            label: t('signIn.current'),
            value: current,
            set: setCurrent,
            autoComplete: 'current-password',
            problem: undefined,
          },
        ]
      : []),
    {
      label: t('signIn.next'),
      value: next,
      set: setNext,
      autoComplete: 'new-password',
      problem: short ? t('signIn.tooShort') : undefined,
    },
    {
      label: t('signIn.repeat'),
      value: repeat,
      set: setRepeat,
      autoComplete: 'new-password',
      problem: differs ? t('signIn.mismatch') : undefined,
    },
  ];
  const form = (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      {change.error !== null && <ErrorPanel error={change.error} />}
      {fields.map((field) => (
        <Field key={field.label} label={field.label} problem={field.problem}>
          {(input) => (
            <TextInput
              {...input}
              type="password"
              autoComplete={field.autoComplete}
              value={field.value}
              onChange={(_, value) => field.set(value)}
            />
          )}
        </Field>
      ))}
      <Button
        type="submit"
        isBlock
        isLoading={change.isPending}
        isDisabled={current === '' || next.length < MIN_LENGTH || next !== repeat}
      >
        {t('signIn.change')}
      </Button>
    </Form>
  );
  return forced ? (
    <Entrance title={t('signIn.changeTitle')} help={t('signIn.changeHelp')}>
      {form}
    </Entrance>
  ) : (
    form
  );
}
