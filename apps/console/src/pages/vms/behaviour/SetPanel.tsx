import type { SetDetector } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../../ui/Facts.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useAlertText } from '../../alerts/use-alert-text.ts';

/** Detectors that the provider has set for the VM: its tenant, too, can see that they are not as usual. */
export function SetPanel({ set }: { readonly set: readonly SetDetector[] }) {
  const { t } = useTranslation();
  const alertText = useAlertText();
  return (
    <Panel title={t('behaviour.setTitle')} source={t('behaviour.setSource')}>
      <Facts
        facts={set.map(({ code, sensitivity }) => ({
          name: alertText.title(code),
          value: t(`behaviour.set.${sensitivity}`),
        }))}
      />
    </Panel>
  );
}
