import { ApiError } from '@hypervigil/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LiveUpdates } from '../data/live.ts';
import { LiveContext } from '../data/live-context.ts';
import { sessionOptions } from '../data/queries.ts';
import { ChangePassword } from '../pages/sign-in/ChangePassword.tsx';
import { SignIn } from '../pages/sign-in/SignIn.tsx';
import { ErrorPanel } from '../ui/ErrorPanel.tsx';

/** Nobody passes without a session, nor with the one-time password. The address stays, so that links survive a sign-in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const session = useQuery(sessionOptions);
  /** Only while it must be changed, and only in the memory of this page. */
  const [oneTime, setOneTime] = useState<string>();
  if (session.data !== undefined)
    return session.data.user.mustChangePassword ? (
      <ChangePassword forced known={oneTime} onDone={() => setOneTime(undefined)} />
    ) : (
      <Live>{children}</Live>
    );
  if (session.isPending) return <div className="hv-splash" role="status" aria-label={t('shell.loading')} />;
  if (session.error instanceof ApiError && session.error.status === 401) return <SignIn onPassword={setOneTime} />;
  return (
    <main className="hv-splash">
      <ErrorPanel error={session.error} title={t('error.load')} onRetry={() => void session.refetch()} />
    </main>
  );
}

function Live({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => new LiveUpdates(client));
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
