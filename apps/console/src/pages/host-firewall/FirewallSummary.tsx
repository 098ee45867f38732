import type { HostFirewallPolicy } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import type { FirewallSetting } from '../../data/host-firewalls.ts';
import { actorText } from '../../i18n/codes.ts';
import { Facts } from '../../ui/Facts.tsx';
import { ActionLabel } from '../../ui/labels.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';

interface Props {
  readonly firewall: FirewallSetting;
  readonly policy: HostFirewallPolicy;
}

/** How the policy works as a whole, where it comes from, and its sets of addresses. */
export function FirewallSummary({ firewall, policy }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { changedBy, changedAt, inherited, trialSeconds, revision, status } = firewall;
  return (
    <div className="hv-stack">
      <Panel
        title={t('hostFirewall.policy')}
        source={
          <>
            {changedBy !== null && t('hostFirewall.setBy', { name: actorText(t, changedBy) })}{' '}
            <RelativeTime at={changedAt} />
          </>
        }
      >
        <Facts
          narrow
          facts={[
            {
              name: t('hostFirewall.mode'),
              value: (
                <span title={t(`hostFirewall.modeHelp.${policy.mode}`)}>{t(`hostFirewall.modes.${policy.mode}`)}</span>
              ),
            },
            ...(inherited === undefined
              ? []
              : [
                  {
                    name: t('hostFirewall.source'),
                    value: inherited ? t('hostFirewall.fromDefault') : t('hostFirewall.ofItsOwn'),
                  },
                ]),
            { name: t('hostFirewall.otherwiseIn'), value: <ActionLabel action={policy.inbound} /> },
            { name: t('hostFirewall.otherwiseOut'), value: <ActionLabel action={policy.outbound} /> },
            { name: t('hostFirewall.keepSsh'), value: policy.keepSsh ? t('common.on') : t('common.off') },
            { name: t('hostFirewall.trialSeconds'), value: format.duration(trialSeconds * 1000) },
            { name: t('hostFirewall.revision'), value: format.count(revision) },
            ...(status == null ? [] : [{ name: t('hostFirewall.kept'), value: format.count(status.kept) }]),
          ]}
        />
      </Panel>
      <Panel title={t('hostFirewall.sets')}>
        {policy.sets.length === 0 ? (
          <p className="hv-muted">{t('hostFirewall.noSets')}</p>
        ) : (
          <Facts
            narrow
            facts={policy.sets.map(({ name, cidrs }) => ({
              name,
              value: cidrs.length === 0 ? <Dash /> : <Mono>{cidrs.slice(0, 20).join('\n')}</Mono>,
            }))}
          />
        )}
      </Panel>
    </div>
  );
}
