import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readStored, store } from '../data/preferences.ts';
import { useCollection } from '../data/queries.ts';
import { NextIcon } from '../ui/icons.tsx';
import { useUrl } from '../ui/use-url.ts';
import { SCREEN_GROUPS, type Screen, type ScreenGroup } from './screens.ts';
import { useScreens } from './use-screens.ts';

export function Navigation() {
  const { t } = useTranslation();
  const tenants = useCollection('tenants');
  const [url, patch] = useUrl();
  const [folded, fold] = useFolded();
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
        <Group key={group.name} group={group} folded={folded.has(group.name)} onFold={() => fold(group.name)} />
      ))}
    </nav>
  );
}

interface GroupProps {
  readonly group: ScreenGroup;
  readonly folded: boolean;
  readonly onFold: () => void;
}

/** A folded group still shows the screen on which the reader is. */
function Group({ group, folded, onFold }: GroupProps) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const id = `nav-${group.name}`;
  const all: readonly Screen[] = group.screens;
  const mine = useScreens();
  const screens = all.filter((screen) => mine.includes(screen));
  if (screens.length === 0) return null;
  return (
    <div>
      <h2 id={id}>
        <button type="button" className="hv-nav__group" aria-expanded={!folded} onClick={onFold}>
          {t(`nav.${group.name}`)}
          <NextIcon />
        </button>
      </h2>
      <ul aria-labelledby={id}>
        {screens
          .filter(({ path }) => !folded || isAt(pathname, path))
          .map(({ path, name, icon: Icon, key }) => (
            <li key={path}>
              <Link
                to={path}
                className="hv-nav__link"
                activeOptions={{ exact: path === '/', includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
                {...(key === undefined ? {} : { 'aria-keyshortcuts': `g ${key}` })}
              >
                <Icon />
                {t(`nav.${name}`)}
              </Link>
            </li>
          ))}
      </ul>
    </div>
  );
}

const isAt = (pathname: string, path: string) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`));

const STORED = 'nav-folded';

/** Which groups the reader has folded, remembered in this browser. */
function useFolded(): readonly [ReadonlySet<string>, (name: string) => void] {
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => new Set(readStored(STORED)?.split(',')));
  const toggle = (name: string) => {
    const next = new Set(folded);
    if (!next.delete(name)) next.add(name);
    store(STORED, [...next].join());
    setFolded(next);
  };
  return [folded, toggle];
}
