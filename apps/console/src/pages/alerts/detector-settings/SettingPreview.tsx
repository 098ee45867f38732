import type { DetectorPreview } from '@hypervigil/contract';
import type { DetectorSettingInput } from '@hypervigil/model';
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../../data/client.ts';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { RelativeTime } from '../../../ui/RelativeTime.tsx';
import { useFormat } from '../../../ui/use-format.ts';
import { useAlertText } from '../use-alert-text.ts';

type Asked = Pick<DetectorSettingInput, 'groupId' | 'codes' | 'sensitivity'>;
const DAYS = 7;
const SHOWN = 10;

/** What detectors would have told of the last days' flows, as usual and as they would be set: once somebody asks, and until they ask of something else. */
export function SettingPreview({ groupId, codes, sensitivity }: Asked) {
  const { t } = useTranslation();
  const body = { groupId, codes: [...codes], sensitivity, days: DAYS };
  const key = JSON.stringify(body);
  const [asked, setAsked] = useState<string>();
  const { data, error, isFetching } = useQuery({
    queryKey: ['detector-preview', key],
    queryFn: ({ signal }) => platform.previewDetectorSetting({ body }, { signal }),
    enabled: asked === key && codes.length > 0,
    retry: false,
  });
  return (
    <div>
      <Button
        variant="secondary"
        isLoading={isFetching}
        isDisabled={codes.length === 0 || isFetching}
        onClick={() => setAsked(key)}
      >
        {t('detectorSettings.preview')}
      </Button>
      <div role="status">
        {asked === key && error !== null && <ErrorPanel error={error} />}
        {asked === key && data !== undefined && <Told preview={data} />}
      </div>
    </div>
  );
}

function Told({ preview: { flows, isCut, usual, set, notReplayed, items } }: { readonly preview: DetectorPreview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const counts = { usual: format.count(usual), set: format.count(set), flows: format.count(flows), count: DAYS };
  return (
    <>
      <p>{t('detectorSettings.previewed', counts)}</p>
      {isCut && <p className="hv-muted">{t('detectorSettings.previewCut')}</p>}
      {notReplayed.length > 0 && (
        <p className="hv-muted">
          {t('detectorSettings.notReplayed', { codes: notReplayed.map((code) => alertText.title(code)).join(', ') })}
        </p>
      )}
      <ul className="hv-plain-list">
        {items.slice(0, SHOWN).map((one) => (
          <li key={`${one.vmId} ${one.code} ${one.at}`}>
            {t('alerts.named', { what: alertText.title(one.code), vm: one.vmName })}
            <span>{t(`detectorSettings.told.${one.usual ? (one.set ? 'both' : 'usual') : 'set'}`)}</span>
            <span className="hv-muted">
              <RelativeTime at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
