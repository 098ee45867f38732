import './host-firewall.css';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DEFAULT, type FirewallSetting, hostFirewallOptions } from '../../data/host-firewalls.ts';
import { useDenial } from '../../data/rights.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { HostFirewallIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { MayButton } from '../../ui/MayButton.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FirewallEditor } from './FirewallEditor.tsx';
import { FirewallRules } from './FirewallRules.tsx';
import { FirewallStateLabel } from './FirewallState.tsx';
import { FirewallSummary } from './FirewallSummary.tsx';
import { InheritDialog } from './InheritDialog.tsx';
import { Listeners } from './Listeners.tsx';
import { TakeAwayDialog } from './TakeAwayDialog.tsx';
import { TrialNotice } from './TrialNotice.tsx';

/** One host's firewall, or the default: what is set, what became of it, and what nobody thought of. */
export function HostFirewallPage() {
  const { id = DEFAULT } = useParams({ strict: false });
  const { data, isPending, error, refetch } = useQuery(hostFirewallOptions(id));
  return (
    <ListFrame loading={isPending} error={data === undefined ? error : null} retry={() => void refetch()} empty={false}>
      {data !== undefined && <Firewall key={id} id={id} firewall={data} />}
    </ListFrame>
  );
}

export interface FirewallProps {
  readonly id: string;
  readonly firewall: FirewallSetting;
}

function Firewall({ id, firewall }: FirewallProps) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const [dialog, setDialog] = useState<'inherit' | 'take-away'>();
  const { policy, status, inherited } = firewall;
  const close = () => setDialog(undefined);
  const mayWrite = useDenial('host:secure') === undefined;
  if (url['do'] === 'edit' && mayWrite)
    return (
      <Frame id={id} firewall={firewall}>
        <FirewallEditor
          id={id}
          firewall={firewall}
          service={url['service']}
          onDone={() => patch({ do: undefined, service: undefined })}
        />
      </Frame>
    );
  const inherit = {
    label: t('hostFirewall.inherit'),
    onSelect: () => setDialog('inherit'),
    disabledReason: inherited === true ? t('hostFirewall.inheritsAlready') : undefined,
  };
  const takeAway = {
    label: t('hostFirewall.takeAway'),
    danger: true,
    onSelect: () => setDialog('take-away'),
    disabledReason: policy === null ? t('hostFirewall.empty') : undefined,
  };
  const write = (
    <MayButton permission="host:secure" onClick={() => patch({ do: 'edit' })}>
      {policy === null ? t('hostFirewall.write') : t('hostFirewall.edit')}
    </MayButton>
  );
  return (
    <Frame
      id={id}
      firewall={firewall}
      actions={
        <>
          {write}
          <ActionMenu
            permission="host:secure"
            label={t('common.actions')}
            actions={id === DEFAULT ? [takeAway] : [inherit, takeAway]}
          />
        </>
      }
    >
      <TrialNotice id={id} firewall={firewall} />
      {policy === null ? (
        <EmptyTeach
          icon={HostFirewallIcon}
          title={t('hostFirewall.empty')}
          help={t('hostFirewall.emptyHelp')}
          action={write}
        />
      ) : (
        <div className="hv-firewall">
          <FirewallRules policy={policy} status={status ?? null} />
          <FirewallSummary firewall={firewall} policy={policy} />
        </div>
      )}
      {status != null && policy !== null && <Listeners listeners={status.unknown} />}
      {dialog === 'inherit' && <InheritDialog id={id} firewall={firewall} onClose={close} />}
      {dialog === 'take-away' && <TakeAwayDialog id={id} firewall={firewall} onClose={close} />}
    </Frame>
  );
}

interface FrameProps extends FirewallProps {
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

function Frame({ id, firewall, actions, children }: FrameProps) {
  const { t } = useTranslation();
  return (
    <PageFrame
      title={firewall.hostName ?? t('hostFirewall.default')}
      subtitle={id === DEFAULT ? t('hostFirewall.defaultHelp') : undefined}
      parent={{ to: '/host-firewalls', label: t('hostFirewall.title') }}
      beside={id === DEFAULT ? undefined : <FirewallStateLabel firewall={firewall} />}
      actions={actions}
    >
      {children}
    </PageFrame>
  );
}
