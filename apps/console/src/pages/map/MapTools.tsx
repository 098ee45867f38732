import type { Vm } from '@hypervigil/model';
import { Button, Checkbox, ToggleGroup, ToggleGroupItem, Tooltip } from '@patternfly/react-core';
import { memo, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LAYOUTS, type Layout } from '../../map/scene.ts';
import type { TopologyControl } from '../../map/Topology.tsx';
import { download } from '../../ui/download.ts';
import { ExpandIcon, FitIcon, ImageIcon, UndoIcon, ZoomInIcon, ZoomOutIcon } from '../../ui/icons.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useUrl } from '../../ui/use-url.ts';

const LABELS = { host: 'map.byHost', group: 'map.byGroup', tenant: 'map.byTenant' } as const;

interface Props {
  readonly control: RefObject<TopologyControl | null>;
  readonly frame: RefObject<HTMLElement | null>;
  readonly layout: Layout;
  readonly showIdle: boolean;
  readonly vms: readonly Vm[];
}

/** Arrange, find, fit, zoom, full screen, picture. */
export function MapTools({ control, frame, layout, showIdle, vms }: Props) {
  const { t } = useTranslation();
  const [, patch] = useUrl();
  return (
    <div className="hv-map__tools">
      <ToggleGroup isCompact aria-label={t('map.layout')}>
        {LAYOUTS.map((one) => (
          <ToggleGroupItem
            key={one}
            buttonId={`layout-${one}`}
            text={t(LABELS[one])}
            isSelected={one === layout}
            onChange={() => patch({ layout: one === 'host' ? undefined : one })}
          />
        ))}
      </ToggleGroup>
      <FindVm control={control} vms={vms} />
      <Checkbox
        id="map-idle"
        label={t('map.showIdle')}
        isChecked={showIdle}
        onChange={(_, checked) => patch({ idle: checked ? undefined : 'hide' })}
      />
      <span className="hv-toolbar__space" />
      <ViewButtons control={control} frame={frame} />
    </div>
  );
}

function FindVm({ control, vms }: Pick<Props, 'control' | 'vms'>) {
  const { t } = useTranslation();
  const [, patch] = useUrl();
  const [text, setText] = useState('');
  const find = (value: string) => {
    setText(value);
    const vm = vms.find((one) => one.name === value);
    if (vm === undefined) return;
    control.current?.find(vm.id);
    patch({ sel: vm.id });
    setText('');
  };
  return (
    <>
      <input
        className="hv-map__find"
        list="map-vms"
        aria-label={t('map.search')}
        placeholder={t('map.search')}
        value={text}
        onChange={(event) => find(event.target.value)}
      />
      <datalist id="map-vms">
        {text.length > 0 &&
          vms
            .filter((vm) => vm.name.includes(text))
            .slice(0, 20)
            .map((vm) => <option key={vm.id} value={vm.name} />)}
      </datalist>
    </>
  );
}

/** Drawn once: each tooltip asks the document for its style whenever it is drawn, which makes the map wait. */
const ViewButtons = memo(({ control, frame }: Pick<Props, 'control' | 'frame'>) => {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [full, setFull] = useState(false);
  useEffect(() => {
    const changed = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', changed);
    return () => document.removeEventListener('fullscreenchange', changed);
  }, []);
  const fullScreen = () =>
    (full ? document.exitFullscreen() : (frame.current?.requestFullscreen() ?? Promise.resolve())).catch(
      (error: unknown) => toasts.failed(error),
    );
  const png = () =>
    control.current?.png().then(
      (blob) => download('map.png', blob),
      (error: unknown) => toasts.failed(error),
    );
  const tools = [
    { name: t('map.zoomIn'), icon: <ZoomInIcon />, run: () => control.current?.zoomIn() },
    { name: t('map.zoomOut'), icon: <ZoomOutIcon />, run: () => control.current?.zoomOut() },
    { name: t('map.fit'), icon: <FitIcon />, run: () => control.current?.fit() },
    { name: t('map.reset'), icon: <UndoIcon />, run: () => control.current?.resetLayout() },
    { name: t('map.png'), icon: <ImageIcon />, run: () => void png() },
    { name: t(full ? 'map.leaveFullScreen' : 'map.fullScreen'), icon: <ExpandIcon />, run: () => void fullScreen() },
  ];
  return (
    <div className="hv-row hv-map__buttons">
      {tools.map((tool) => (
        <Tooltip key={tool.name} content={tool.name}>
          <Button variant="plain" size="sm" aria-label={tool.name} icon={tool.icon} onClick={tool.run} />
        </Tooltip>
      ))}
    </div>
  );
});
