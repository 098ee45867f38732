import type { FlowView } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { type CalledBy, questionOf, urlOf } from '../../data/flow-views.ts';
import { useCollection } from '../../data/queries.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/fields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useUrl } from '../../ui/use-url.ts';
import { useShownColumns } from './flow-columns.tsx';

const FIELDS = /^(name|filter)$/;

interface Props {
  /** Which is saved anew; undefined for another one. */
  readonly view: FlowView | undefined;
  readonly onClose: () => void;
}

/** Saves the question on the screen under a name. */
export function FlowViewDialog({ view, onClose }: Props) {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const calledBy = useCalledBy();
  const columns = useShownColumns().view.shown.map(({ id }) => id);
  const [name, setName] = useState(view?.name ?? '');
  const [shared, setShared] = useState(view?.shared ?? false);
  const checkbox = useId();
  const isTenants = useOwnTenant() !== null;
  const question = { ...questionOf(url, calledBy), columns };
  const { problem, dialog } = useEditor({
    words: 'flowViews',
    editing: view,
    fields: FIELDS,
    save: async () => {
      const body = { ...question, name, shared };
      const saved =
        view === undefined
          ? await platform.createFlowView({ body })
          : await platform.updateFlowView({ params: { id: view.id }, body: { ...body, revision: view.revision } });
      patch({ ...urlOf(saved), view: saved.id });
      return saved;
    },
    onClose,
  });
  const badFilter = problem('filter');
  return (
    <Dialog {...dialog} help={t('flowViews.saveHelp')} canSubmit={name.trim() !== ''}>
      <TextField required label={t('common.name')} problem={problem('name')} value={name} onChange={setName} />
      <p className="hv-mono hv-small">{question.filter === '' ? t('flowViews.everything') : question.filter}</p>
      {badFilter !== undefined && <p role="alert">{badFilter}</p>}
      <Checkbox
        id={checkbox}
        label={t(isTenants ? 'flowViews.shareTenant' : 'flowViews.shareProvider')}
        isChecked={shared}
        onChange={(_, on) => setShared(on)}
      />
    </Dialog>
  );
}

/** Names are read and survive; where two things share one, only the id says which is meant. */
function useCalledBy(): CalledBy {
  const vm = useCollection('vms');
  const things = { vm, peer: vm, host: useCollection('hosts'), network: useCollection('networks') };
  return (kind, id) => {
    if (!(kind in things)) return id;
    const { byId, items } = things[kind as keyof typeof things];
    const name = byId.get(id)?.name;
    const alike = (items as readonly { readonly name: string }[]).filter((one) => one.name === name);
    return name !== undefined && alike.length === 1 ? name : id;
  };
}
