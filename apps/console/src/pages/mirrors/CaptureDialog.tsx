import type { SeenMirror } from '@hypervigil/contract';
import { CaptureBounds } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { TextField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

const BOUNDS = ['seconds', 'maxMiB', 'packetsPerSecond', 'snapLength'] as const;
type Bound = (typeof BOUNDS)[number];

/** How long, how large, how fast: every capture has its bounds. */
export function CaptureDialog({ mirror, onClose }: { readonly mirror: SeenMirror; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [bounds, setBounds] = useState<Record<Bound, string>>(() => {
    const usual = CaptureBounds.parse({});
    return Object.fromEntries(BOUNDS.map((bound) => [bound, String(usual[bound])])) as Record<Bound, string>;
  });
  const start = useSave(
    'captures',
    () => {
      const body = Object.fromEntries(BOUNDS.map((bound) => [bound, Number(bounds[bound])])) as Record<Bound, number>;
      return platform.startCapture({ params: { id: mirror.id }, body });
    },
    () => {
      toasts.done(t('mirrors.captureStarted', { name: mirror.name }));
      onClose();
    },
  );
  const problem = useProblemText(start.error);
  return (
    <Dialog
      title={t('mirrors.startTitle', { name: mirror.name })}
      submit={t('mirrors.startCapture')}
      busy={start.isPending}
      canSubmit
      error={start.error}
      shownFields={(field) => (BOUNDS as readonly string[]).includes(field)}
      onClose={onClose}
      onSubmit={() => start.mutate()}
    >
      <p>{t('mirrors.contentHelp')}</p>
      {BOUNDS.map((bound) => (
        <TextField
          key={bound}
          inputMode="numeric"
          label={t(`mirrors.bounds.${bound}`)}
          help={t(`mirrors.boundsHelp.${bound}`)}
          problem={problem(bound)}
          value={bounds[bound]}
          onChange={(value) => setBounds({ ...bounds, [bound]: value })}
        />
      ))}
    </Dialog>
  );
}
