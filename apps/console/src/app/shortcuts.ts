import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useLive } from '../data/live-context.ts';
import { useScreens } from './use-screens.ts';

interface Handlers {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** How long `g` waits for its letter. */
const CHORD_MS = 1500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
const dialogOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

/** The keys that work on every screen. They are silent while somebody types or a dialog is open. */
export function useShortcuts({ onPalette, onHelp }: Handlers): void {
  const navigate = useNavigate();
  const { state, setPaused } = useLive();
  const screens = useScreens();
  const chord = useRef(0);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!dialogOpen()) onPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || dialogOpen()) return;
    const pending = Date.now() - chord.current < CHORD_MS;
    chord.current = 0;
    if (pending) {
      const screen = screens.find(({ key }) => key === event.key);
      if (screen !== undefined) void navigate({ to: screen.path });
      return;
    }
    switch (event.key) {
      case 'g':
        chord.current = Date.now();
        break;
      case '?':
        onHelp();
        break;
      case '.':
        setPaused(state !== 'paused');
        break;
      case '/': {
        const search = document.querySelector<HTMLElement>('[data-hv-search] input, input[data-hv-search]');
        if (search === null) break;
        event.preventDefault();
        search.focus();
        break;
      }
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}
