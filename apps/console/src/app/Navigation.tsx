import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../data/queries.ts';
import { useUrl } from '../ui/use-url.ts';
import { SCREEN_GROUPS } from './screens.ts';

export function Navigation() {
  const { t } = useTranslation();
  const tenants = useCollection('tenants');
  const [url, patch] = useUrl();
  return (
    <nav className="hv-nav" aria-label={t('nav.label')} id="navigation">
      <div className="hv-nav__scope">
        <FormSelect
          aria-label={t('nav.scope')}
          value={url['tenant'] ?? ''}
          onChange={(_, value) => patch({ tenant: value })}
        >
          <FormSelectOption value="" label={t('nav.provider')} />
          {tenants.items.map((tenant) => (
            <FormSelectOption key={tenant.id} value={tenant.id} label={tenant.name} />
          ))}
        </FormSelect>
      </div>
      {SCREEN_GROUPS.map((group) => (
        <div key={group.name}>
          <h2 id={`nav-${group.name}`}>{t(`nav.${group.name}`)}</h2>
          <ul aria-labelledby={`nav-${group.name}`}>
            {group.screens.map(({ path, name, icon: Icon, key }) => (
              <li key={path}>
                <Link
                  to={path}
                  className="hv-nav__link"
                  activeOptions={{ exact: path === '/', includeSearch: false }}
                  activeProps={{ 'aria-current': 'page' }}
                  aria-keyshortcuts={`g ${key}`}
                >
                  <Icon />
                  {t(`nav.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
