import { useTranslation } from 'react-i18next';
import { GripIcon } from './icons.tsx';
import type { HandleEvents } from './use-row-drag.tsx';

interface Props {
  readonly id: string;
  readonly name: string;
  readonly position: number;
  readonly count: number;
  readonly events: HandleEvents;
}

/** The place of a row, and what it is dragged by: with the mouse, with a finger, or lifted by keyboard. */
export function DragHandle({ id, name, position, count, events }: Props) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      tabIndex={-1}
      className="hv-drag-handle"
      aria-label={t('drag.handle', { name, position, count })}
      title={t('drag.help')}
      onPointerDown={(event) => events.onPointerDown(event, id, name)}
      onKeyDown={(event) => events.onKeyDown(event, id, name)}
      onBlur={events.onBlur}
    >
      <span aria-hidden="true">{position}</span>
      <GripIcon />
    </button>
  );
}
