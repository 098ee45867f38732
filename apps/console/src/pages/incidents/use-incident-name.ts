import type { Incident } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useAlertText } from '../alerts/use-alert-text.ts';

type Named = Pick<Incident, 'worst' | 'codes' | 'vms'>;

interface IncidentNames {
  readonly what: (incident: Named) => string;
  readonly vms: (incident: Named) => string;
  readonly of: (incident: Named) => string;
}

/** What incidents are called: by the worst of what was done, and the VMs that it is about. */
export function useIncidentNames(): IncidentNames {
  const { t } = useTranslation();
  const alertText = useAlertText();
  const more = useCallback(
    (first: string, all: number) => (all > 1 ? t('incidents.more', { first, count: all - 1 }) : first),
    [t],
  );
  const what = useCallback(({ worst, codes }: Named) => more(alertText.title(worst), codes.length), [alertText, more]);
  const vms = useCallback(({ vms: some }: Named) => more(some[0]?.vmName ?? '', some.length), [more]);
  const of = useCallback(
    (incident: Named) => t('incidents.named', { what: what(incident), vms: vms(incident) }),
    [t, what, vms],
  );
  return { what, vms, of };
}
