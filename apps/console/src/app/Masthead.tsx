import { Button, Tooltip } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLive } from '../data/live-context.ts';
import { HelpIcon, MenuIcon, PauseIcon, PlayIcon, SearchIcon } from '../ui/icons.tsx';
import { Logo } from '../ui/Logo.tsx';
import { AccountMenu } from './AccountMenu.tsx';

interface Props {
  readonly navOpen: boolean;
  readonly onNav: () => void;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

export function Masthead({ navOpen, onNav, onPalette, onHelp }: Props) {
  const { t } = useTranslation();
  const { state, setPaused } = useLive();
  const paused = state === 'paused';
  return (
    <header className="hv-masthead">
      <Button
        variant="plain"
        aria-label={t('nav.toggle')}
        aria-expanded={navOpen}
        aria-controls="navigation"
        icon={<MenuIcon />}
        onClick={onNav}
      />
      <Link to="/" className="hv-brand">
        <Logo />
        <span>{t('product')}</span>
      </Link>
      <button type="button" className="hv-find" onClick={onPalette} aria-keyshortcuts="Control+K Meta+K">
        <SearchIcon />
        <span>{t('shell.search')}</span>
        <kbd>{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <div className="hv-masthead__tools">
        <span className={`hv-live hv-live--${state}`} role="status" title={t(`shell.liveHelp.${state}`)}>
          {t(`shell.live.${state}`)}
        </span>
        <Tooltip content={t(paused ? 'shell.resume' : 'shell.pause')}>
          <Button
            variant="plain"
            aria-label={t(paused ? 'shell.resume' : 'shell.pause')}
            aria-pressed={paused}
            icon={paused ? <PlayIcon /> : <PauseIcon />}
            onClick={() => setPaused(!paused)}
          />
        </Tooltip>
        <Tooltip content={t('shell.help')}>
          <Button
            variant="plain"
            className="hv-wide-only"
            aria-label={t('shell.help')}
            icon={<HelpIcon />}
            onClick={onHelp}
          />
        </Tooltip>
        <AccountMenu />
      </div>
    </header>
  );
}

const isApple = () => /Mac|iPhone|iPad/.test(navigator.platform);
