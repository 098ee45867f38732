import type { Learning } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../../ui/Facts.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useFormat } from '../../../ui/use-format.ts';
import { useAlertText } from '../../alerts/use-alert-text.ts';

/** How far the detectors are that have to know a VM before they judge it. */
export function LearningPanel({ learning }: { readonly learning: readonly Learning[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const stateOf = ({ since, until, share }: Learning): string => {
    if (since === null || until === null) return t('behaviour.notBegun');
    if (share >= 1) return t('behaviour.learnt', { at: format.instant(since) });
    const spans = { share: format.percent(share), takes: format.duration(Date.parse(until) - Date.parse(since)) };
    return t('behaviour.learning', { ...spans, at: format.instant(until) });
  };
  return (
    <Panel title={t('behaviour.learningTitle')} source={t('behaviour.learningSource')}>
      <Facts facts={learning.map((one) => ({ name: alertText.title(one.code), value: stateOf(one) }))} />
    </Panel>
  );
}
