import type { DetectorProposal } from '@hypervigil/contract';
import type { DetectorSetting } from '@hypervigil/model';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../../data/client.ts';
import { useCollection } from '../../../data/queries.ts';
import { ActionMenu } from '../../../ui/ActionMenu.tsx';
import { EmptyTeach } from '../../../ui/EmptyTeach.tsx';
import { EntityTable } from '../../../ui/EntityTable.tsx';
import { AlertIcon } from '../../../ui/icons.tsx';
import { ListFrame } from '../../../ui/ListFrame.tsx';
import { May } from '../../../ui/May.tsx';
import { MayButton } from '../../../ui/MayButton.tsx';
import { PageFrame } from '../../../ui/PageFrame.tsx';
import { RelativeTime } from '../../../ui/RelativeTime.tsx';
import { RemoveDialog } from '../../../ui/RemoveDialog.tsx';
import type { Column } from '../../../ui/table-model.ts';
import { UrlDialog } from '../../../ui/UrlDialog.tsx';
import { useCommonColumns } from '../../../ui/use-common-columns.tsx';
import { useFormat } from '../../../ui/use-format.ts';
import { useNarrowed } from '../../../ui/use-narrowed.tsx';
import { useUrl } from '../../../ui/use-url.ts';
import { useAlertText } from '../use-alert-text.ts';
import { DetectorSettingDialog } from './DetectorSettingDialog.tsx';
import { ProposalsPanel } from './ProposalsPanel.tsx';

const idOf = ({ id }: DetectorSetting) => id;

/** Where detectors are not as usual: for which VMs, who wants it, why, and what it has kept from being told. */
export function DetectorSettingsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const alertText = useAlertText();
  const common = useCommonColumns();
  const settings = useCollection('detectorSettings');
  const [, patch] = useUrl();
  const [editing, setEditing] = useState<DetectorSetting>();
  const [taking, setTaking] = useState<DetectorProposal>();
  const [removing, setRemoving] = useState<DetectorSetting>();
  const nameOf = useCallback(
    ({ groupName }: Pick<DetectorSetting, 'groupName'>) => groupName ?? t('detectorSettings.everyVm'),
    [t],
  );
  const columns = useMemo<readonly Column<DetectorSetting>[]>(
    () => [
      common.text('group', { header: t('detectorSettings.group'), width: 140 }, nameOf),
      common.text('sensitivity', { header: t('detectorSettings.sensitivity'), width: 110 }, ({ sensitivity }) =>
        t(`detectorSettings.sensitivities.${sensitivity}`),
      ),
      common.text('codes', { header: t('detectorSettings.codes'), width: 180, from: 'md' }, ({ codes }) =>
        codes.map((code) => alertText.title(code)).join(', '),
      ),
      common.text('reason', { header: t('detectorSettings.reason'), width: 170, from: 'md' }, ({ reason }) => reason),
      common.text('by', { header: t('detectorSettings.by'), width: 90, from: 'lg' }, (one) => one.changedBy),
      {
        ...{ id: 'swallowed', header: t('detectorSettings.swallowed'), width: 110, numeric: true, from: 'md' },
        text: ({ swallowed }) => String(swallowed),
        sort: ({ swallowed }) => swallowed,
        cell: ({ swallowed, swallowedAt }) => (
          <span title={swallowedAt === null ? undefined : format.instant(swallowedAt)}>{format.count(swallowed)}</span>
        ),
      },
      {
        ...{ id: 'ends', header: t('detectorSettings.lasts'), width: 100, from: 'md' },
        text: ({ expiresAt }) => expiresAt ?? '',
        cell: ({ expiresAt }) => (expiresAt === null ? t('detectorSettings.never') : <RelativeTime at={expiresAt} />),
      },
      common.actions((one) => (
        <ActionMenu
          inGrid
          label={`${t('common.actions')}: ${nameOf(one)}`}
          permission="detector:write"
          actions={[
            { label: t('common.edit'), onSelect: () => setEditing(one) },
            { label: t('common.delete'), danger: true, onSelect: () => setRemoving(one) },
          ]}
        />
      )),
    ],
    [t, format, alertText, common, nameOf],
  );
  const textOf = useCallback(
    (one: DetectorSetting) => [
      nameOf(one),
      one.reason,
      one.changedBy,
      ...one.codes.map((code) => alertText.title(code)),
    ],
    [nameOf, alertText],
  );
  const narrowed = useNarrowed(settings.items, textOf);
  const create = (
    <MayButton permission="detector:write" onClick={() => patch({ do: 'create' })}>
      {t('detectorSettings.create')}
    </MayButton>
  );
  return (
    <PageFrame
      fill
      title={t('detectorSettings.title')}
      subtitle={t('detectorSettings.question')}
      parent={{ to: '/alerts/detectors', label: t('alerts.detectors.title') }}
      actions={create}
    >
      <ListFrame
        {...settings}
        empty={
          settings.items.length === 0 && (
            <EmptyTeach icon={AlertIcon} title={t('detectorSettings.empty')} help={t('detectorSettings.emptyHelp')} />
          )
        }
      >
        <EntityTable
          name="detector-settings"
          label={t('detectorSettings.title')}
          columns={columns}
          {...narrowed}
          rowId={idOf}
          rowName={nameOf}
          defaultOrder="group"
        />
      </ListFrame>
      <May permission="detector:read">
        <ProposalsPanel onTake={setTaking} />
      </May>
      <UrlDialog asked="create" permission="detector:write">
        {(close) => <DetectorSettingDialog setting={undefined} onClose={close} />}
      </UrlDialog>
      {editing !== undefined && <DetectorSettingDialog setting={editing} onClose={() => setEditing(undefined)} />}
      {taking !== undefined && (
        <DetectorSettingDialog setting={undefined} proposal={taking} onClose={() => setTaking(undefined)} />
      )}
      {removing !== undefined && (
        <RemoveDialog
          collection="detectorSettings"
          title={t('detectorSettings.deleteTitle', { name: nameOf(removing) })}
          help={t('detectorSettings.deleteHelp')}
          done={t('detectorSettings.deleted', { name: nameOf(removing) })}
          remove={() => platform.deleteDetectorSetting({ params: { id: removing.id } })}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </PageFrame>
  );
}
