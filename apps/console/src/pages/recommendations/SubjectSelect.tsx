import { FormSelect, FormSelectOption, FormSelectOptionGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { useUrl } from '../../ui/use-url.ts';

/** For whom: a group or a tenant, in the URL. */
export function SubjectSelect() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const groups = useCollection('groups').items;
  const tenants = useCollection('tenants').items;
  const value = url['group'] ? `group ${url['group']}` : url['of'] ? `tenant ${url['of']}` : '';
  const choose = (chosen: string) => {
    const [kind, id] = chosen.split(' ');
    patch({ group: kind === 'group' ? id : undefined, of: kind === 'tenant' ? id : undefined });
  };
  return (
    <FormSelect
      className="hv-days"
      aria-label={t('recommendations.subject')}
      value={value}
      onChange={(_, chosen) => choose(chosen)}
    >
      <FormSelectOption value="" label={t('recommendations.choose')} isPlaceholder />
      <FormSelectOptionGroup label={t('recommendations.groups')}>
        {groups.map(({ id, name }) => (
          <FormSelectOption key={id} value={`group ${id}`} label={name} />
        ))}
      </FormSelectOptionGroup>
      <FormSelectOptionGroup label={t('recommendations.tenants')}>
        {tenants.map(({ id, name }) => (
          <FormSelectOption key={id} value={`tenant ${id}`} label={name} />
        ))}
      </FormSelectOptionGroup>
    </FormSelect>
  );
}
