import { ApiError } from '@hypervigil/contract';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { i18n } from 'i18next';
import { useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Preferences } from '../data/preferences.ts';
import { sessionOptions } from '../data/queries.ts';
import { ToastProvider } from '../ui/toast.tsx';
import { PreferencesProvider } from './PreferencesProvider.tsx';
import { createConsoleRouter } from './router.tsx';
import { SessionGate } from './SessionGate.tsx';

function createClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The session ended under an open screen: ask who we are, and the gate shows the sign-in.
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session')
          void client.resetQueries(sessionOptions);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status < 500),
      },
    },
  });
  return client;
}

export function App({ i18n, preferences }: { readonly i18n: i18n; readonly preferences: Preferences }) {
  const [client] = useState(createClient);
  const [router] = useState(createConsoleRouter);
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <PreferencesProvider i18n={i18n} initial={preferences}>
          <ToastProvider>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ToastProvider>
        </PreferencesProvider>
      </QueryClientProvider>
    </I18nextProvider>
  );
}
