import type { Permission } from '@hypervigil/model';
import { Modal, ModalBody } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../data/live-context.ts';
import { usePreferences } from '../data/preferences.ts';
import { useCollection } from '../data/queries.ts';
import { useDenials } from '../data/rights.ts';
import { type Found, findAll } from './palette-search.ts';
import { useScreens } from './use-screens.ts';

interface Props {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

/** Finds pages, objects and actions from any screen (combobox pattern of the ARIA practices). */
export function Palette({ onClose, onHelp }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const preferences = usePreferences();
  const { state, setPaused } = useLive();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const query = useDeferredValue(text);
  const screens = useScreens();
  const denied = useDenials();

  const objects = {
    vms: useCollection('vms').items,
    hosts: useCollection('hosts').items,
    networks: useCollection('networks').items,
    tenants: useCollection('tenants').items,
    groups: useCollection('groups').items,
    gatewayGroups: useCollection('gatewayGroups').items,
    policies: useCollection('policies').items,
  };
  const otherContrast = preferences.look.highContrast ? 'standard' : 'high';
  const actions = new Map<string, { readonly name: string; readonly run: () => void }>([
    [
      'pause',
      { name: t(state === 'paused' ? 'shell.resume' : 'shell.pause'), run: () => setPaused(state !== 'paused') },
    ],
    [
      'dark',
      { name: `${t('shell.theme')}: ${t('shell.themeOf.dark')}`, run: () => preferences.set({ theme: 'dark' }) },
    ],
    [
      'light',
      { name: `${t('shell.theme')}: ${t('shell.themeOf.light')}`, run: () => preferences.set({ theme: 'light' }) },
    ],
    [
      'contrast',
      {
        name: `${t('shell.contrast')}: ${t(`shell.contrastOf.${otherContrast}`)}`,
        run: () => preferences.set({ contrast: otherContrast }),
      },
    ],
    ['help', { name: t('keys.title'), run: onHelp }],
  ]);
  const go = (permission: Permission, to: string, name: string, what: string): Found[] =>
    denied(permission) === undefined
      ? [{ kind: 'action', id: `${to} ${name}`, name, detail: '', to, search: { do: what } }]
      : [];
  const fixed: Found[] = [
    ...screens.map((s): Found => ({ kind: 'page', id: s.path, name: t(`nav.${s.name}`), detail: s.name, to: s.path })),
    ...go('host:administer', '/hosts', t('hosts.enrol'), 'enrol'),
    ...go('policy:write', '/policy', t('policy.addPolicy'), 'create'),
    ...go('group:write', '/groups', t('groups.create'), 'create'),
    ...go('gateway-group:write', '/gateways', t('gatewayGroups.create'), 'create'),
    ...go('tenant:write', '/tenants', t('tenants.create'), 'create'),
    ...go('network:write', '/networks', t('networks.create'), 'create'),
    ...[...actions].map(([id, action]): Found => ({ kind: 'action', id, name: action.name, detail: '', to: '' })),
  ];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fixed entries change only with the language
  const found = useMemo(() => findAll(query, fixed, objects), [query, ...Object.values(objects)]);
  const active = Math.min(chosen, found.length - 1);

  useEffect(() => {
    document.getElementById(`palette-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const open = (item: Found | undefined) => {
    if (item === undefined) return;
    onClose();
    if (item.to === '') actions.get(item.id)?.run();
    else void navigate({ to: item.to, search: item.search ?? {} });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((active + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // What is typed counts, also when the list has not caught up with it.
      open(findAll(text, fixed, objects)[active]);
    }
  };

  return (
    <Modal
      isOpen
      variant="small"
      position="top"
      aria-label={t('palette.title')}
      onClose={onClose}
      className="hv-palette"
    >
      <ModalBody>
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog is this input
          autoFocus
          className="hv-palette__input"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-results"
          aria-activedescendant={found.length > 0 ? `palette-${active}` : undefined}
          aria-label={t('shell.search')}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div className="hv-palette__results" id="palette-results" role="listbox" aria-label={t('palette.results')}>
          {found.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns this list
            <div
              key={`${item.kind} ${item.id}`}
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className="hv-palette__item"
              onClick={() => open(item)}
              onPointerMove={() => setChosen(index)}
            >
              <span className="hv-palette__kind">{t(`palette.kinds.${item.kind}`)}</span>
              <span className="hv-palette__name">{item.name}</span>
              {item.kind !== 'page' && <span className="hv-palette__detail">{item.detail}</span>}
            </div>
          ))}
        </div>
        {found.length === 0 && (
          <p className="hv-palette__none" role="status">
            {t('palette.none', { query })}
          </p>
        )}
        <p className="hv-palette__hint">{t('palette.hint')}</p>
      </ModalBody>
    </Modal>
  );
}
