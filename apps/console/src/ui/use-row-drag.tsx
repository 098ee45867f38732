import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { GripIcon } from './icons.tsx';

/** A press becomes a drag when it has gone this far; until then it is a click. */
const SLACK_PX = 4;
/** So near to the edge of what scrolls it scrolls, and so much in a frame. */
const EDGE_PX = 48;
const STEP_PX = 8;

interface Press {
  readonly index: number;
  readonly name: string;
  readonly body: HTMLElement;
  readonly y: number;
}
interface Drag {
  readonly from: number;
  /** Where the row would stand afterwards. */
  readonly to: number;
  readonly name: string;
  readonly body: HTMLElement;
  /** Of the pointer; undefined when the keyboard has lifted the row. */
  readonly y: number | undefined;
}

export interface RowDrag {
  /** The handle of a row: to be dragged, by mouse or finger, or lifted and moved by keyboard. */
  readonly handle: (index: number, name: string) => ReactNode;
  /** The gap where the row would be put in: before the row of this index, or after the last. */
  readonly gap: number | undefined;
  /** What assistive technology is told. */
  readonly said: ReactNode;
}

/**
 * Rows of equal height of a table's body, put into another order by hand. By keyboard as sortable lists do: Space lifts,
 * arrows move, Space puts down, Escape gives up. Nothing hangs on the row's own element: in a long table it goes while
 * the table scrolls under the pointer.
 */
export function useRowDrag(count: number, onMove: (from: number, to: number) => void): RowDrag {
  const { t } = useTranslation();
  const [press, setPress] = useState<Press>();
  const [drag, setDrag] = useState<Drag>();
  const [said, setSaid] = useState('');
  const landing = useRef<{ readonly body: HTMLElement; readonly index: number; readonly label: string }>(undefined);
  const labelOf = (index: number, name: string) => t('drag.handle', { name, position: index + 1, count });

  const end = (put: boolean) => {
    setPress(undefined);
    setDrag(undefined);
    if (drag === undefined) return;
    const { from, to, name, body } = drag;
    if (!put || to === from) {
      setSaid(t('drag.gaveUp', { name }));
      return;
    }
    setSaid(t('drag.put', { name, position: to + 1, count }));
    landing.current = { body, index: to, label: labelOf(to, name) };
    onMove(from, to);
  };
  // A row that changes its place in the document loses the focus; it gets it back as soon as it stands there.
  useEffect(() => {
    if (landing.current === undefined) return;
    const { body, index, label } = landing.current;
    const button = body.querySelector<HTMLElement>(`[data-index="${index}"] .hv-drag-handle`);
    if (button?.ariaLabel !== label) return;
    landing.current = undefined;
    button.focus();
  });
  const follow = ({ index, name, body }: Press, y: number) => {
    const { top, height } = rowsOf(body);
    const gap = clamp(Math.round((y - top) / height), 0, count);
    setDrag({ from: index, to: gap > index ? gap - 1 : gap, name, body, y });
  };

  const onPointer = useEffectEvent((y: number) => {
    if (press !== undefined && (drag !== undefined || Math.abs(y - press.y) >= SLACK_PX)) follow(press, y);
  });
  const onFrame = useEffectEvent(() => {
    if (press === undefined || drag?.y === undefined) return;
    const frame = scrollerOf(press.body);
    const { top, bottom } = frame.getBoundingClientRect();
    const before = frame.scrollTop;
    if (drag.y < top + EDGE_PX) frame.scrollTop -= STEP_PX;
    else if (drag.y > bottom - EDGE_PX) frame.scrollTop += STEP_PX;
    if (frame.scrollTop !== before) follow(press, drag.y);
  });
  const onEnd = useEffectEvent(end);
  useEffect(() => {
    if (press === undefined) return undefined;
    const ended = new AbortController();
    const { signal } = ended;
    document.addEventListener('pointermove', (event) => onPointer(event.clientY), { signal });
    document.addEventListener('pointerup', () => onEnd(true), { signal });
    document.addEventListener('pointercancel', () => onEnd(false), { signal });
    document.addEventListener('keydown', (event) => event.key === 'Escape' && onEnd(false), { signal });
    let frame = requestAnimationFrame(function tick() {
      onFrame();
      frame = requestAnimationFrame(tick);
    });
    return () => {
      ended.abort();
      cancelAnimationFrame(frame);
    };
  }, [press]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number, name: string) => {
    const body = event.currentTarget.closest('tbody')!;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const puts = event.key === ' ' || event.key === 'Enter';
    if (drag === undefined) {
      if (!puts) return;
      setDrag({ from: index, to: index, name, body, y: undefined });
      setSaid(t('drag.lifted', { name, position: index + 1, count }));
    } else if (step !== undefined) {
      const to = clamp(drag.to + step, 0, count - 1);
      body.querySelector(`[data-index="${to}"]`)?.scrollIntoView({ block: 'nearest' });
      setDrag({ ...drag, to });
      setSaid(t('drag.over', { position: to + 1, count }));
    } else if (puts || event.key === 'Escape') end(puts);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the table has other uses for these keys
  };

  const handle = (index: number, name: string) => (
    <button
      type="button"
      className="hv-drag-handle"
      aria-label={labelOf(index, name)}
      aria-pressed={drag?.from === index}
      title={t('drag.help')}
      onPointerDown={(event: PointerEvent<HTMLElement>) => {
        if (event.button === 0)
          setPress({ index, name, body: event.currentTarget.closest('tbody')!, y: event.clientY });
      }}
      onKeyDown={(event) => onKeyDown(event, index, name)}
      onBlur={() => drag?.y === undefined && end(false)}
    >
      <span aria-hidden="true">{index + 1}</span>
      <GripIcon />
    </button>
  );
  return {
    handle,
    gap: drag === undefined || drag.to === drag.from ? undefined : drag.to > drag.from ? drag.to + 1 : drag.to,
    said: (
      <span role="status" className="hv-hidden">
        {said}
      </span>
    ),
  };
}

const clamp = (n: number, min: number, max: number) => Math.min(max, Math.max(min, n));

const rowsOf = (body: HTMLElement) => ({
  top: body.getBoundingClientRect().top,
  height: body.querySelector<HTMLElement>('[data-index]')?.offsetHeight ?? 1,
});

function scrollerOf(element: HTMLElement): HTMLElement {
  for (let at = element.parentElement; at !== null; at = at.parentElement)
    if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  return document.documentElement;
}
