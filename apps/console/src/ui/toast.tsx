import { Alert, AlertActionCloseButton, AlertGroup } from '@patternfly/react-core';
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from 'react';
import { ErrorPanel } from './ErrorPanel.tsx';
import { requestIdOf, useErrorText } from './error-text.ts';

interface Toast {
  readonly id: number;
  readonly title: string;
  readonly body?: ReactNode;
  readonly error?: unknown;
}
interface Toasts {
  readonly done: (title: string, body?: ReactNode) => void;
  readonly failed: (error: unknown) => void;
}
const ToastContext = createContext<Toasts | null>(null);

export function useToasts(): Toasts {
  const toasts = use(ToastContext);
  if (toasts === null) throw new Error('useToasts outside of its provider');
  return toasts;
}

/** Outcomes of actions. Good news leaves by itself; errors stay until they are closed. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const add = useCallback((toast: Omit<Toast, 'id'>) => {
    setToasts((all) => [...all.slice(-4), { ...toast, id: (all.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const close = (id: number) => setToasts((all) => all.filter((toast) => toast.id !== id));
  const value = useMemo<Toasts>(
    () => ({ done: (title, body) => add({ title, body }), failed: (error) => add({ title: '', error }) }),
    [add],
  );
  return (
    <ToastContext value={value}>
      {children}
      <AlertGroup isToast isLiveRegion>
        {toasts.map((toast) =>
          toast.error === undefined ? (
            <Alert
              key={toast.id}
              variant="success"
              title={toast.title}
              timeout={6000}
              onTimeout={() => close(toast.id)}
              actionClose={<AlertActionCloseButton onClose={() => close(toast.id)} />}
            >
              {toast.body}
            </Alert>
          ) : (
            <ErrorToast key={toast.id} error={toast.error} onClose={() => close(toast.id)} />
          ),
        )}
      </AlertGroup>
    </ToastContext>
  );
}

function ErrorToast({ error, onClose }: { readonly error: unknown; readonly onClose: () => void }) {
  const text = useErrorText(error);
  return requestIdOf(error) === '' ? (
    <Alert variant="danger" title={text} actionClose={<AlertActionCloseButton onClose={onClose} />} />
  ) : (
    <ErrorPanel error={error} onClose={onClose} />
  );
}
