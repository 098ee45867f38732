import { type ReactNode, useState } from 'react';
import { MoreIcon } from './icons.tsx';

interface Props {
  readonly label: string;
  readonly menu: () => ReactNode;
}

/** The menu of a row of a long table: it is made when it is asked for, since thousands of rows pass by when one scrolls. */
export function RowMenu({ label, menu }: Props) {
  const [asked, setAsked] = useState(false);
  if (asked) return menu();
  return (
    <button
      type="button"
      tabIndex={-1}
      className="hv-row-menu"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded="false"
      onClick={() => setAsked(true)}
    >
      <MoreIcon />
    </button>
  );
}
