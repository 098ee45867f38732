import { type CheckedAssertion, languageOf, violationText } from '@hypervigil/contract';
import { writeService } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { Dash } from '../../ui/Mono.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { ServiceChips } from '../policy/ServiceChips.tsx';
import { AssertionStateLabel, shownState } from './AssertionStateLabel.tsx';
import { useEndText } from './end-text.ts';

interface Props {
  readonly assertion: CheckedAssertion;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** One assertion: what it demands, whether it holds, and the packet against it. */
export function AssertionPanel({ assertion, onEdit, onRemove }: Props) {
  const { t, i18n } = useTranslation();
  const endText = useEndText();
  const { violation, services, checkedAt } = assertion;
  return (
    <>
      <PanelHead description={assertion.comment} permission="assertion:write" onEdit={onEdit} onRemove={onRemove} />
      <AssertionStateLabel assertion={assertion} />
      {shownState(assertion) === 'void' && <p>{t('assertions.voidHelp')}</p>}
      {violation !== null && (
        <section>
          <h3>{t('assertions.against')}</h3>
          <p>{violationText(languageOf(i18n.language), violation)}</p>
        </section>
      )}
      <Facts
        narrow
        facts={[
          { name: t('assertions.kind'), value: t(`assertions.kinds.${assertion.kind}`) },
          { name: t('assertions.from'), value: endText(assertion.from) },
          { name: t('assertions.to'), value: endText(assertion.to) },
          {
            name: t('policy.services'),
            value:
              services.length === 0 ? t('policy.allServices') : <ServiceChips services={services.map(writeService)} />,
          },
          { name: t('assertions.owner'), value: assertion.owner },
          { name: t('assertions.checked'), value: checkedAt === null ? <Dash /> : <RelativeTime at={checkedAt} /> },
        ]}
      />
    </>
  );
}
