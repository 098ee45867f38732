import type { FlowView } from '@hypervigil/model';
import { MenuToggle, Select, SelectList, SelectOption } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { isChanged, urlOf } from '../../data/flow-views.ts';
import { sessionOptions, useCollection } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { RemoveDialog } from '../../ui/RemoveDialog.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { FlowViewDialog } from './FlowViewDialog.tsx';

/** Saved questions: one's own, and those that others share; the chosen one is in the address. */
export function FlowViews() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const views = useCollection('flowViews');
  const own = useQuery(sessionOptions).data?.user.id;
  const [open, setOpen] = useState(false);
  const [saving, setSaving] = useState<FlowView | 'new'>();
  const [removing, setRemoving] = useState<FlowView>();
  const chosen = views.byId.get(url['view'] ?? '');
  const changed = chosen !== undefined && isChanged(chosen, url);
  const isOwn = (view: FlowView) => view.ownerId === own;
  const sorted = views.items.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)) || a.name.localeCompare(b.name));
  const shown =
    chosen === undefined
      ? t('flowViews.choose')
      : changed
        ? t('flowViews.changed', { name: chosen.name })
        : chosen.name;
  const notOwn = chosen && !isOwn(chosen) ? t('flowViews.notOwn', { owner: chosen.ownerName }) : undefined;
  const none = chosen === undefined ? t('flowViews.noneChosen') : undefined;
  return (
    <>
      <Select
        isOpen={open}
        isScrollable
        selected={chosen?.id}
        onOpenChange={setOpen}
        onSelect={(_, id) => {
          const view = views.byId.get(String(id));
          if (view !== undefined) patch({ ...urlOf(view), view: view.id });
          setOpen(false);
        }}
        popperProps={{ position: 'end' }}
        toggle={(ref) => (
          <MenuToggle
            ref={ref}
            isExpanded={open}
            isDisabled={views.items.length === 0}
            aria-label={`${t('flowViews.views')}: ${shown}`}
            onClick={() => setOpen(!open)}
          >
            {shown}
          </MenuToggle>
        )}
      >
        <SelectList aria-label={t('flowViews.views')}>
          {sorted.map((view) => (
            <SelectOption
              key={view.id}
              value={view.id}
              isSelected={view.id === chosen?.id}
              description={
                isOwn(view) ? view.filter : t('flowViews.by', { owner: view.ownerName, filter: view.filter })
              }
            >
              {view.name}
            </SelectOption>
          ))}
        </SelectList>
      </Select>
      <ActionMenu
        label={t('flowViews.actions')}
        actions={[
          { label: t('flowViews.save'), onSelect: () => setSaving('new') },
          {
            label: t('flowViews.update'),
            disabledReason: none ?? notOwn,
            onSelect: () => setSaving(chosen),
          },
          {
            label: t('flowViews.remove'),
            danger: true,
            disabledReason: none,
            onSelect: () => setRemoving(chosen),
          },
        ]}
      />
      {saving !== undefined && (
        <FlowViewDialog view={saving === 'new' ? undefined : saving} onClose={() => setSaving(undefined)} />
      )}
      {removing !== undefined && (
        <RemoveDialog
          collection="flowViews"
          title={t('flowViews.removeTitle', { name: removing.name })}
          help={t(removing.shared ? 'flowViews.removeSharedHelp' : 'flowViews.removeHelp')}
          done={t('flowViews.removed', { name: removing.name })}
          remove={async () => {
            await platform.deleteFlowView({ params: { id: removing.id } });
            patch({ view: undefined });
          }}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </>
  );
}
