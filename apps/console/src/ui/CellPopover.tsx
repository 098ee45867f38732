import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly label: string;
  readonly problem: string | undefined;
  readonly busy: boolean;
  readonly onCommit: () => void;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

const MARGIN_PX = 8;

/**
 * An editor over the cell that it belongs to, in the top layer: no table cuts it off. Enter and Tab save what it says,
 * Escape gives up, and so does a press elsewhere while nothing has been said wrong.
 */
export function CellPopover({ label, problem, busy, onCommit, onCancel, children }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current!;
    const cell = element.closest('td')!;
    const place = () => {
      const { left, top, width } = cell.getBoundingClientRect();
      element.style.minWidth = `${width}px`;
      const { offsetWidth, offsetHeight } = element;
      const within = (at: number, size: number, room: number) =>
        Math.max(MARGIN_PX, Math.min(at, room - size - MARGIN_PX));
      element.style.left = `${within(left, offsetWidth, window.innerWidth)}px`;
      element.style.top = `${within(top, offsetHeight, window.innerHeight)}px`;
    };
    element.showPopover();
    place();
    element.querySelector<HTMLElement>('input, select')?.focus();
    const grows = new ResizeObserver(place);
    grows.observe(element);
    const ended = new AbortController();
    window.addEventListener('scroll', place, { capture: true, signal: ended.signal });
    window.addEventListener('resize', place, { signal: ended.signal });
    return () => {
      grows.disconnect();
      ended.abort();
    };
  }, []);
  const onPress = useEffectEvent((event: PointerEvent) => {
    if (!busy && !box.current!.contains(event.target as Node)) onCommit();
  });
  useEffect(() => {
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // the table has other uses for these keys
    if (event.nativeEvent.isComposing || event.defaultPrevented) return;
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' || event.key === 'Tab') onCommit();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      popover="manual"
      role="dialog"
      aria-label={label}
      aria-busy={busy}
      className="hv-cell-editor"
      onKeyDown={onKeyDown}
    >
      {children}
      {problem !== undefined && (
        <p className="hv-cell-editor__problem" role="alert">
          {problem}
        </p>
      )}
      <p className="hv-cell-editor__keys">{t('cell.keys')}</p>
    </div>
  );
}
