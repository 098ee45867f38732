import type { Peer } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { linesOf } from '../../ui/lines.ts';
import { SideEditor } from './SideEditor.tsx';

/** A peer while it is edited: its blocks are still text. */
export interface PeerDraft {
  readonly groupIds: readonly string[];
  readonly tenantIds: readonly string[];
  readonly addressSetIds: readonly string[];
  readonly cidrs: string;
}
export const peerDraft = (peer: Partial<Peer>): PeerDraft => ({
  groupIds: peer.groupIds ?? [],
  tenantIds: peer.tenantIds ?? [],
  addressSetIds: peer.addressSetIds ?? [],
  cidrs: (peer.cidrs ?? []).join('\n'),
});
export const peerOf = (draft: PeerDraft): Peer => ({
  groupIds: [...draft.groupIds],
  tenantIds: [...draft.tenantIds],
  addressSetIds: [...draft.addressSetIds],
  cidrs: [...linesOf(draft.cidrs)],
});

interface Props {
  readonly legend: string;
  readonly peer: PeerDraft;
  readonly onChange: (peer: PeerDraft) => void;
  readonly problem: (field: keyof PeerDraft) => string | undefined;
}

export function PeerEditor({ legend, peer, onChange, problem }: Props) {
  const { t } = useTranslation();
  const parts = [
    { part: 'groupIds', label: t('policy.groupsField'), choices: useCollection('groups').items },
    { part: 'tenantIds', label: t('policy.tenantsField'), choices: useCollection('tenants').items },
    { part: 'addressSetIds', label: t('policy.addressSetsField'), choices: useCollection('addressSets').items },
  ] as const;
  return <SideEditor legend={legend} parts={parts} side={peer} onChange={onChange} problem={problem} />;
}
