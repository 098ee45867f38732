import type { Peer } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { useCollection } from '../../data/queries.ts';
import { Field } from '../../ui/Field.tsx';
import { LinesField } from '../../ui/fields.tsx';
import { linesOf } from '../../ui/lines.ts';
import { PickList } from '../../ui/PickList.tsx';

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
  const groups = useCollection('groups').items;
  const tenants = useCollection('tenants').items;
  const addressSets = useCollection('addressSets').items;
  return (
    <fieldset className="hv-side">
      <legend>{legend}</legend>
      <p className="hv-muted hv-small">{t('policy.peerHelp')}</p>
      <Field label={t('policy.groupsField')} problem={problem('groupIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.groupsField')}
            choices={groups}
            chosen={peer.groupIds}
            onChange={(groupIds) => onChange({ ...peer, groupIds })}
          />
        )}
      </Field>
      <Field label={t('policy.tenantsField')} problem={problem('tenantIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.tenantsField')}
            choices={tenants}
            chosen={peer.tenantIds}
            onChange={(tenantIds) => onChange({ ...peer, tenantIds })}
          />
        )}
      </Field>
      <Field label={t('policy.addressSetsField')} problem={problem('addressSetIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.addressSetsField')}
            choices={addressSets}
            chosen={peer.addressSetIds}
            onChange={(addressSetIds) => onChange({ ...peer, addressSetIds })}
          />
        )}
      </Field>
      <LinesField
        label={t('policy.cidrsField')}
        help={t('policy.cidrsHelp')}
        problem={problem('cidrs')}
        rows={2}
        value={peer.cidrs}
        onChange={(cidrs) => onChange({ ...peer, cidrs })}
      />
    </fieldset>
  );
}
