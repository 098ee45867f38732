import { Tooltip } from '@patternfly/react-core';

/** Characters that a row has room for. */
const ROOM = 13;

/** The services of a rule as far as there is room, whole ports only, and how many more; all of them when pointed at. */
export function ServiceChips({ services: all }: { readonly services: readonly string[] }) {
  const { shown, more } = fitting(all);
  const chips = (
    <span className="hv-services">
      {shown.map((text) => (
        <code key={text} className="hv-service">
          {text}
        </code>
      ))}
      {more > 0 && <span className="hv-muted">+{more}</span>}
    </span>
  );
  return more === 0 ? (
    chips
  ) : (
    <Tooltip content={<code className="hv-services__all">{all.join('\n')}</code>}>{chips}</Tooltip>
  );
}

/** Ports count one each: `tcp/21,23,69` is three services to a reader. */
function fitting(services: readonly string[]): { readonly shown: readonly string[]; readonly more: number } {
  const shown: string[] = [];
  let room = ROOM;
  let more = 0;
  for (const service of services) {
    const [first = '', ...ports] = service.split(',');
    if (more > 0 || (shown.length > 0 && first.length > room)) {
      more += 1 + ports.length;
      continue;
    }
    let text = first;
    for (const port of ports)
      if (more === 0 && text.length + 1 + port.length <= room) text += `,${port}`;
      else more++;
    shown.push(text);
    room -= text.length + 1;
  }
  return { shown, more };
}
