import { ExpandableSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { HOST_SERVICE_ROWS } from '../../data/firewall-edit.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Mono } from '../../ui/Mono.tsx';

/** The names that rules may use in place of ports. */
export function ServiceCatalogue() {
  const { t } = useTranslation();
  return (
    <ExpandableSection toggleText={t('hostFirewall.catalogue')}>
      <p className="hv-muted">{t('hostFirewall.catalogueHelp')}</p>
      <Facts facts={HOST_SERVICE_ROWS.map(({ name, ports }) => ({ name, value: <Mono>{ports}</Mono> }))} />
    </ExpandableSection>
  );
}
