import type { Capture } from '@hypervigil/model';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { actorText } from '../../i18n/codes.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { download } from '../../ui/download.ts';
import { useErrorText } from '../../ui/error-text.ts';
import { MayButton } from '../../ui/MayButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { DamagedFile, readCaptureFile } from './read-capture-file.ts';

type File = Capture['files'][number];

/** One capture: who began it, and the file that each host has of it. */
export function CaptureCard({ capture }: { readonly capture: Capture }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toasts = useToasts();
  const [removing, setRemoving] = useState(false);
  const stop = useSave(
    'captures',
    () => platform.stopCapture({ params: { id: capture.id } }),
    () => toasts.done(t('mirrors.captureStopped')),
  );
  const fetchFile = useSave(
    'captures',
    (file: File) => readCaptureFile(capture.id, file),
    ({ name, content }) => download(name, content),
  );
  const failure = useErrorText(fetchFile.error);
  const reasonOf = (file: File): string | undefined => {
    if (file.sha256 === null) return t('mirrors.fileOpen');
    return file.hostOnline ? undefined : t('mirrors.hostOffline');
  };
  const title = format.instant(capture.startedAt);
  return (
    <Panel
      title={title}
      actions={
        <ActionMenu
          permission="capture:take"
          label={`${t('common.actions')}: ${title}`}
          actions={[
            ...(capture.isRunning
              ? [{ label: t('mirrors.stopCapture'), onSelect: () => stop.mutate(), disabledReason: undefined }]
              : []),
            { label: t('common.delete'), onSelect: () => setRemoving(true), disabledReason: undefined },
          ]}
        />
      }
    >
      <p className="hv-muted">
        {t('mirrors.startedBy', { name: actorText(t, capture.startedBy) })} ·{' '}
        {capture.isRunning ? t('mirrors.isRunning') : <RelativeTime at={capture.endsAt} />}
      </p>
      {capture.files.length === 0 && <p className="hv-muted">{t('mirrors.noFiles')}</p>}
      <ul className="hv-plain-list">
        {capture.files.map((file) => (
          <li key={file.id}>
            <span>
              {file.hostName !== null && `${file.hostName}: `}
              {t('mirrors.fileFacts', { packets: format.count(file.packets), bytes: format.bytes(file.bytes) })}
              {file.leftOut > 0 && ` · ${t('mirrors.leftOut', { packets: format.count(file.leftOut) })}`}
            </span>
            {file.packets > 0 && (
              <MayButton
                permission="capture:read"
                variant="link"
                disabledReason={reasonOf(file)}
                onClick={() => fetchFile.mutate(file)}
              >
                {t('mirrors.download')}
              </MayButton>
            )}
            {file.reason !== null && <p className="hv-small">{file.reason}</p>}
          </li>
        ))}
      </ul>
      {fetchFile.error !== null && (
        <p role="alert">{fetchFile.error instanceof DamagedFile ? t('mirrors.damaged') : failure}</p>
      )}
      {removing && (
        <RemoveDialog
          collection="captures"
          title={t('mirrors.deleteCapture')}
          help={t('mirrors.deleteCaptureHelp')}
          done={t('mirrors.captureDeleted')}
          onClose={() => setRemoving(false)}
          remove={() => platform.deleteCapture({ params: { id: capture.id } })}
        />
      )}
    </Panel>
  );
}
