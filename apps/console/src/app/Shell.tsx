import { Outlet, useMatches, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDenials } from '../data/rights.ts';
import { HelpDialog } from './HelpDialog.tsx';
import { Masthead } from './Masthead.tsx';
import { Navigation } from './Navigation.tsx';
import { NotYours } from './NotYours.tsx';
import { Palette } from './Palette.tsx';
import { permissionAt } from './screens.ts';
import { useShortcuts } from './shortcuts.ts';

const NARROW_PX = 1024;

/** Masthead, navigation, the screen. Under 1,024 px the navigation lies over the screen and closes after use. */
export function Shell() {
  const { t } = useTranslation();
  const [navOpen, setNavOpen] = useState(() => window.innerWidth >= NARROW_PX);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  useShortcuts({ onPalette: () => setPalette(true), onHelp: () => setHelp(true) });

  // Of the page that is shown, as the outlet has it: the address is another one as soon as somebody leaves.
  const pathname = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '' });
  const isOnTheWay = useRouterState({ select: ({ status }) => status === 'pending' });
  const denial = useDenials();
  const needed = permissionAt(pathname);
  const denied = needed && denial(needed);
  const first = useRef(true);
  useEffect(() => {
    if (window.innerWidth < NARROW_PX) setNavOpen(false);
    // Tell assistive technology that the screen changed; `pathname` is what changes it.
    if (!first.current && pathname !== '') document.getElementById('page-title')?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);

  return (
    <div className={`hv-shell${navOpen ? ' hv-shell--nav' : ''}`}>
      <a className="hv-skip" href="#main">
        {t('nav.skip')}
      </a>
      <Masthead
        navOpen={navOpen}
        onNav={() => setNavOpen(!navOpen)}
        onPalette={() => setPalette(true)}
        onHelp={() => setHelp(true)}
      />
      {navOpen && <Navigation />}
      {navOpen && (
        <button
          type="button"
          className="hv-shell__scrim"
          aria-label={t('common.close')}
          onClick={() => setNavOpen(false)}
        />
      )}
      <main id="main" className="hv-main" tabIndex={-1} aria-busy={isOnTheWay}>
        {denied === undefined ? <Outlet /> : <NotYours reason={denied} />}
      </main>
      {palette && <Palette onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />}
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}
