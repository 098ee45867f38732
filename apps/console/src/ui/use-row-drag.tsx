import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';

/** A press becomes a drag when it has gone this far; until then it is a click. */
const SLACK_PX = 4;
/** So near to the edge of what scrolls it scrolls, and so much in a frame. */
const EDGE_PX = 48;
const STEP_PX = 8;

interface Lifted {
  readonly id: string;
  readonly name: string;
  readonly body: HTMLElement;
}
interface Press extends Lifted {
  readonly y: number;
}
interface Drag extends Lifted {
  /** It would be put before the row of this index. */
  readonly gap: number;
  /** Of the pointer; undefined when the keyboard has lifted the row. */
  readonly y: number | undefined;
}

/** What a handle answers to; the same object for as long as the table lives. */
export interface HandleEvents {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>, id: string, name: string) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>, id: string, name: string) => void;
  readonly onBlur: () => void;
}

export interface RowDrag {
  readonly events: HandleEvents;
  /** The row that is being moved. */
  readonly lifted: string | undefined;
  /** The gap where it would be put in: before the row of this index. */
  readonly gap: number | undefined;
  /** What assistive technology is told. */
  readonly said: ReactNode;
}

interface Rows {
  readonly count: number;
  readonly indexOf: (id: string) => number;
  /** How many rows go where it goes, which are under it, with itself. */
  readonly span: (id: string) => number;
  /** Where a row would stand, in words; undefined where it cannot be put. */
  readonly place: (id: string, gap: number) => string | undefined;
  readonly onMove: (id: string, gap: number) => void;
}

/**
 * Rows of equal height of a table's body, put into another order by hand. By keyboard as sortable lists do: Space lifts,
 * arrows move, Space puts down, Escape gives up. Nothing hangs on the row's own element: in a long table it goes while
 * the table scrolls under the pointer.
 */
export function useRowDrag({ count, indexOf, span, place, onMove }: Rows): RowDrag {
  const { t } = useTranslation();
  const [press, setPress] = useState<Press>();
  const [drag, setDrag] = useState<Drag>();
  const [said, setSaid] = useState('');
  /** The gap over it, that under the last of its rows and those between leave it where it is. */
  const stays = (id: string, gap: number) => gap >= indexOf(id) && gap <= indexOf(id) + span(id);

  const end = (put: boolean) => {
    setPress(undefined);
    setDrag(undefined);
    if (drag === undefined) return;
    const at = place(drag.id, drag.gap);
    if (!put || at === undefined || stays(drag.id, drag.gap)) {
      setSaid(t('drag.gaveUp', { name: drag.name }));
      return;
    }
    setSaid(t('drag.put', { name: drag.name, place: at }));
    onMove(drag.id, drag.gap);
  };
  const follow = ({ id, name, body }: Press, y: number) => {
    const { top, height } = rowsOf(body);
    const gap = clamp(Math.round((y - top) / height), 0, count);
    if (place(id, gap) !== undefined) setDrag({ id, name, body, gap, y });
    else setDrag((before) => ({ id, name, body, gap: before?.gap ?? indexOf(id), y }));
  };
  /** The next gap that way where it may be put. Those that leave it where it is are one, the one over it. */
  const next = ({ id, gap }: Drag, step: number): number => {
    const from = indexOf(id);
    for (let at = gap + step; at >= 0 && at <= count; at += step)
      if (stays(id, at) && at !== from) {
        if (step < 0) return from;
      } else if (place(id, at) !== undefined) return at;
    return gap;
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

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, id: string, name: string) => {
    const body = event.currentTarget.closest('tbody')!;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const puts = event.key === ' ' || event.key === 'Enter';
    if (drag === undefined) {
      if (!puts) return;
      const gap = indexOf(id);
      setDrag({ id, name, body, gap, y: undefined });
      setSaid(t('drag.lifted', { name, place: place(id, gap) ?? place(id, gap + span(id)) }));
    } else if (step !== undefined) {
      const gap = next(drag, step);
      body.querySelector(`[data-index="${Math.min(gap, count - 1)}"]`)?.scrollIntoView({ block: 'nearest' });
      setDrag({ ...drag, gap });
      setSaid(t('drag.over', { place: place(id, gap) }));
    } else if (puts || event.key === 'Escape') end(puts);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the table has other uses for these keys
  };
  const onBlur = () => drag !== undefined && drag.y === undefined && end(false);

  const now = useRef({ onKeyDown, onBlur });
  now.current = { onKeyDown, onBlur };
  const events = useMemo(
    (): HandleEvents => ({
      onPointerDown: (event, id, name) => {
        if (event.button === 0) setPress({ id, name, body: event.currentTarget.closest('tbody')!, y: event.clientY });
      },
      onKeyDown: (event, id, name) => now.current.onKeyDown(event, id, name),
      onBlur: () => void now.current.onBlur(),
    }),
    [],
  );
  return {
    events,
    lifted: drag?.id,
    gap: drag === undefined || stays(drag.id, drag.gap) ? undefined : drag.gap,
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
