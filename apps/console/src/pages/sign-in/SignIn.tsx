import { Button, Form, TextInput } from '@patternfly/react-core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { sessionOptions } from '../../data/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Field } from '../../ui/Field.tsx';
import { Entrance } from './Entrance.tsx';

/** `onPassword` hears the password that was accepted, for who must change it at once. */
export function SignIn({ onPassword }: { readonly onPassword: (password: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [username, setUsername] = useState('admin');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => platform.signIn({ body: { username, password } }),
    onSuccess: (session) => {
      if (session.user.mustChangePassword) onPassword(password);
      client.setQueryData(sessionOptions.queryKey, session);
    },
  });
  return (
    <Entrance title={t('signIn.title')} help={t('signIn.subtitle')}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        {signIn.error !== null && <ErrorPanel error={signIn.error} />}
        <Field label={t('signIn.username')}>
          {(input) => (
            <TextInput
              {...input}
              name="username"
              autoComplete="username"
              value={username}
              onChange={(_, value) => setUsername(value)}
            />
          )}
        </Field>
        <Field label={t('signIn.password')} help={t('signIn.firstTime')}>
          {(input) => (
            <TextInput
              {...input}
              type="password"
              name="password"
              autoComplete="current-password"
              autoFocus
              value={password}
              onChange={(_, value) => setPassword(value)}
            />
          )}
        </Field>
        <Button type="submit" isBlock isLoading={signIn.isPending} isDisabled={username === '' || password === ''}>
          {t('signIn.submit')}
        </Button>
      </Form>
    </Entrance>
  );
}
