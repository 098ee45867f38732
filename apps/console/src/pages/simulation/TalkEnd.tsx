import type { Talk } from '../../data/talks.ts';
import { VmLink } from '../../ui/links.tsx';

/** One end of recorded traffic: the VM with its address behind it, or the address. */
export function TalkEnd({ end: { vm, ip } }: { readonly end: Talk['src'] }) {
  if (vm === null) return <code>{ip}</code>;
  return (
    <span title={ip}>
      <VmLink id={vm.id}>{vm.name}</VmLink>
    </span>
  );
}
