import type { SeenMirror } from '@hypervigil/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { HostLink, VmLink } from '../../ui/links.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { TenantTag } from '../../ui/TenantTag.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { NamedBy } from '../policy/NamedBy.tsx';
import { CaptureCard } from './CaptureCard.tsx';
import { CaptureDialog } from './CaptureDialog.tsx';
import { useTargetText } from './use-target-text.ts';

interface Props {
  readonly mirror: SeenMirror;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** What a mirror copies, what its hosts say of it, and what was captured. */
export function MirrorPanel({ mirror, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const targetText = useTargetText();
  const [starting, setStarting] = useState(false);
  const tenants = useCollection('tenants').byId;
  const captures = useCollection('captures').items.filter(({ mirrorId }) => mirrorId === mirror.id);
  const running = captures.some(({ isRunning }) => isRunning);
  return (
    <>
      <PanelHead
        description={mirror.description}
        permission="mirror:write"
        subject={mirror}
        onEdit={onEdit}
        onRemove={onRemove}
      >
        {mirror.target.kind === 'capture' && (
          <MayButton
            permission="capture:take"
            subject={mirror}
            variant="primary"
            disabledReason={running ? t('mirrors.captureRuns') : undefined}
            onClick={() => setStarting(true)}
          >
            {t('mirrors.startCapture')}
          </MayButton>
        )}
      </PanelHead>
      <Facts
        narrow
        facts={[
          { name: t('mirrors.tenant'), value: <TenantTag tenant={tenants.get(mirror.tenantId)} /> },
          { name: t('mirrors.target'), value: targetText(mirror.target) },
          {
            name: t('mirrors.share'),
            value: mirror.oneIn === 1 ? t('mirrors.everyConnection') : t('mirrors.oneInOf', { number: mirror.oneIn }),
          },
          { name: t('mirrors.changed'), value: <RelativeTime at={mirror.changedAt} /> },
        ]}
      />
      <section>
        <h3>{t('mirrors.vms')}</h3>
        {mirror.vmIds.length === 0 && <p className="hv-muted">{t('mirrors.noVms')}</p>}
        <ul className="hv-plain-list">
          {mirror.vmIds.map((id) => (
            <li key={id}>
              <VmLink id={id} />
            </li>
          ))}
        </ul>
      </section>
      <NamedBy names={(rule) => rule.mirrorId === mirror.id} />
      <section>
        <h3>{t('mirrors.hosts')}</h3>
        {mirror.hosts.length === 0 && <p className="hv-muted">{t('mirrors.noHosts')}</p>}
        <ul className="hv-plain-list">
          {mirror.hosts.map(({ hostId, hostName, state, reason, copied, dropped }, i) => (
            <li key={hostId ?? i}>
              {hostId !== null && <HostLink id={hostId}>{hostName}</HostLink>}
              <span className="hv-muted">
                {t(`mirrors.states.${state}`)} ·{' '}
                {t('mirrors.counts', { copied: format.count(copied), dropped: format.count(dropped) })}
              </span>
              {reason !== null && <p className="hv-small">{reason}</p>}
            </li>
          ))}
        </ul>
      </section>
      {mirror.target.kind === 'capture' && (
        <section className="hv-stack">
          <h3>{t('mirrors.captures')}</h3>
          {captures.length === 0 && <p className="hv-muted">{t('mirrors.noCaptures')}</p>}
          {captures.map((capture) => (
            <CaptureCard key={capture.id} capture={capture} />
          ))}
        </section>
      )}
      {starting && <CaptureDialog mirror={mirror} onClose={() => setStarting(false)} />}
    </>
  );
}
