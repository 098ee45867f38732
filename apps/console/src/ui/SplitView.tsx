import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { readStored, store } from '../data/preferences.ts';

interface Props {
  readonly label: string;
  /** Names the stored share. */
  readonly name: string;
  readonly above: ReactNode;
  readonly below: ReactNode;
}

const MIN = 20;
const MAX = 85;
const STEP = 5;
const clamp = (share: number) => Math.min(MAX, Math.max(MIN, Math.round(share)));

/** Two panes over each other with a bar between them that pointer and arrow keys move (ARIA: window splitter). */
export function SplitView({ label, name, above, below }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState(() => clamp(Number(readStored(`split.${name}`)) || 60));
  const set = (next: number) => {
    setShare(clamp(next));
    store(`split.${name}`, String(clamp(next)));
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = frame.current!.getBoundingClientRect();
    set(((event.clientY - box.top) / box.height) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(share + step);
  };
  return (
    <div
      ref={frame}
      className="hv-split"
      style={{ gridTemplateRows: `minmax(0, ${share}fr) 12px minmax(0, ${100 - share}fr)` }}
    >
      {above}
      {/* biome-ignore lint/a11y/useSemanticElements: a splitter that moves is not a rule */}
      <div
        role="separator"
        aria-orientation="horizontal"
        aria-label={label}
        aria-valuenow={share}
        aria-valuemin={MIN}
        aria-valuemax={MAX}
        tabIndex={0}
        className="hv-split__bar"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      {below}
    </div>
  );
}
