interface Props {
  readonly label: string;
  readonly current: string;
  readonly tabs: readonly { readonly id: string; readonly name: string }[];
  readonly onChoose: (id: string) => void;
}

/** The parts of a page, each with an address of its own: so they are navigation, not ARIA tabs. */
export function TabLinks({ label, current, tabs, onChoose }: Props) {
  return (
    <nav className="hv-tabs" aria-label={label}>
      {tabs.map(({ id, name }) => (
        <button key={id} type="button" aria-current={id === current ? 'page' : undefined} onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
    </nav>
  );
}
