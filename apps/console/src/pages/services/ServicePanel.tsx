import { type NamedService, writeService } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { PanelHead } from '../../ui/PanelHead.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { NamedBy } from '../policy/NamedBy.tsx';

interface Props {
  readonly service: NamedService;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** What the service is, and which rules speak of it. What is built in can only be looked at. */
export function ServicePanel({ service, onEdit, onRemove }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {service.builtIn ? (
        <p className="hv-muted">{t('namedServices.builtInHelp')}</p>
      ) : (
        <PanelHead description={service.description} permission="catalogue:write" onEdit={onEdit} onRemove={onRemove} />
      )}
      {service.builtIn && service.description !== '' && <p>{service.description}</p>}
      {!service.builtIn && (
        <Facts narrow facts={[{ name: t('namedServices.changed'), value: <RelativeTime at={service.changedAt} /> }]} />
      )}
      <section>
        <h3>{t('policy.services')}</h3>
        <ul className="hv-plain-list">
          {service.services.map(writeService).map((text) => (
            <li key={text}>
              <Mono>{text}</Mono>
            </li>
          ))}
        </ul>
      </section>
      <NamedBy names={(rule) => rule.namedServiceIds.includes(service.id)} />
    </>
  );
}
