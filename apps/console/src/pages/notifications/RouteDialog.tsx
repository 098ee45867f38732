import { NotificationLanguage, NotificationMatch, type NotificationRoute } from '@hypervigil/model';
import { Checkbox } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useOwnTenant } from '../../data/rights.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { SelectField, TenantField, TextField } from '../../ui/fields.tsx';
import { NamingFields } from '../../ui/NamingFields.tsx';
import { useEditor } from '../../ui/use-editor.ts';
import { useNaming } from '../../ui/use-naming.ts';
import { MatchFields } from './MatchFields.tsx';
import { TargetFields } from './TargetFields.tsx';
import { draftOf, secretsOf, targetOf } from './target-draft.ts';

const FIELDS = /^(name|description|tenantId|language|perHour|match|target|secrets)(\.|$)/;

interface Props {
  readonly route: NotificationRoute | undefined;
  readonly onClose: () => void;
}

/** Which alerts are told to whom, and how. */
export function RouteDialog({ route, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const naming = useNaming(route);
  const own = useOwnTenant();
  const [tenantId, setTenantId] = useState(route?.tenantId ?? own ?? '');
  const [enabled, setEnabled] = useState(route?.enabled ?? true);
  const [language, setLanguage] = useState<NotificationLanguage>(
    route?.language ?? (i18n.language.startsWith('zh') ? 'zh-CN' : 'en'),
  );
  const [match, setMatch] = useState(route?.match ?? NotificationMatch.parse({}));
  const [perHour, setPerHour] = useState(String(route?.perHour ?? 60));
  const [draft, setDraft] = useState(draftOf(route));
  const { problem, dialog } = useEditor({
    words: 'notificationRoutes',
    editing: route,
    fields: FIELDS,
    save: () => {
      const isProviders = tenantId === '';
      const body = {
        ...{ ...naming.values, enabled, language, perHour: Number(perHour) },
        ...{ target: targetOf(draft), secrets: secretsOf(draft) },
        match: isProviders ? match : { ...match, tenantIds: [] },
      };
      return route === undefined
        ? platform.createNotificationRoute({ body: { ...body, tenantId: isProviders ? null : tenantId } })
        : platform.updateNotificationRoute({ params: { id: route.id }, body: { ...body, revision: route.revision } });
    },
    onClose,
  });
  return (
    <Dialog wide {...dialog} canSubmit={naming.isNamed && match.events.length > 0}>
      <NamingFields naming={naming} problem={problem} />
      {route === undefined && (
        <TenantField
          label={t('notificationRoutes.owner')}
          help={t('notificationRoutes.ownerHelp')}
          problem={problem('tenantId')}
          none={t('notificationRoutes.provider')}
          value={tenantId}
          onChange={setTenantId}
        />
      )}
      <TargetFields draft={draft} secretsSet={route?.secretsSet ?? []} problem={problem} onChange={setDraft} />
      <MatchFields match={match} withTenants={tenantId === ''} problem={problem} onChange={setMatch} />
      <div className="hv-row">
        <SelectField
          label={t('notificationRoutes.language')}
          problem={problem('language')}
          value={language}
          options={NotificationLanguage.options.map((value) => ({
            value,
            label: t(`notificationRoutes.languages.${value}`),
          }))}
          onChange={setLanguage}
        />
        <TextField
          inputMode="numeric"
          label={t('notificationRoutes.perHour')}
          help={t('notificationRoutes.perHourHelp')}
          problem={problem('perHour')}
          value={perHour}
          onChange={setPerHour}
        />
      </div>
      <Checkbox
        id={id}
        label={t('notificationRoutes.enabled')}
        isChecked={enabled}
        onChange={(_, on) => setEnabled(on)}
      />
    </Dialog>
  );
}
