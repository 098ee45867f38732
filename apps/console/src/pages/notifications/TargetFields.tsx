import { NOTIFICATION_KINDS, PAYLOAD_FORMATS, SECRET_NAMES, type SecretName, TARGET_SECRETS } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { LinesField, SelectField, TextField } from '../../ui/fields.tsx';
import { draftOfKind, type TargetDraft } from './target-draft.ts';

interface Props {
  readonly draft: TargetDraft;
  /** Those that it has already. */
  readonly secretsSet: readonly SecretName[];
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (draft: TargetDraft) => void;
}

/** Where a route's messages go: the fields of its kind, and what is secret of it. */
export function TargetFields({ draft, secretsSet, problem, onChange }: Props) {
  const { t } = useTranslation();
  const { kind } = draft;
  const hasServer = kind === 'email' || kind === 'syslog';
  const hasFormat = kind === 'webhook' || kind === 'syslog';
  const put = (change: Partial<TargetDraft>) => onChange({ ...draft, ...change });
  const text = (field: 'host' | 'port' | 'username' | 'from', required: boolean, help?: string) => (
    <TextField
      label={t(`notificationRoutes.${field}`)}
      help={help}
      problem={problem(`target.${field}`)}
      required={required}
      autoComplete="off"
      value={draft[field]}
      onChange={(value) => put({ [field]: value })}
    />
  );
  const secrets = SECRET_NAMES.filter(
    (name) => name in TARGET_SECRETS[kind] && (name !== 'password' || draft.username.trim() !== ''),
  );
  return (
    <>
      <SelectField
        label={t('notificationRoutes.kind')}
        problem={problem('target.kind')}
        value={kind}
        options={NOTIFICATION_KINDS.map((value) => ({ value, label: t(`notificationRoutes.kinds.${value}`) }))}
        onChange={(value) => onChange(draftOfKind(value))}
      />
      {hasServer && (
        <div className="hv-row">
          {text('host', true)}
          {text('port', true)}
          <SelectField
            label={t('notificationRoutes.security')}
            problem={problem('target.security')}
            value={draft.security}
            options={(kind === 'email' ? (['starttls', 'tls', 'none'] as const) : (['tls', 'none'] as const)).map(
              (value) => ({ value, label: t(`notificationRoutes.securities.${value}`) }),
            )}
            onChange={(security) => put({ security })}
          />
        </div>
      )}
      {kind === 'email' && (
        <>
          {text('from', true)}
          <LinesField
            label={t('notificationRoutes.to')}
            problem={problem('target.to')}
            rows={3}
            value={draft.to}
            onChange={(to) => put({ to })}
          />
          {text('username', false, t('notificationRoutes.usernameHelp'))}
        </>
      )}
      {hasFormat && (
        <SelectField
          label={t('notificationRoutes.format')}
          problem={problem('target.format')}
          value={draft.format}
          options={PAYLOAD_FORMATS.map((value) => ({ value, label: t(`notificationRoutes.formats.${value}`) }))}
          onChange={(format) => put({ format })}
        />
      )}
      {secrets.map((name) => (
        <TextField
          key={name}
          type={name === 'url' ? 'text' : 'password'}
          autoComplete="off"
          label={t(`notificationRoutes.secret.${name}`)}
          help={t(secretsSet.includes(name) ? 'notificationRoutes.secretSet' : 'notificationRoutes.secretNew')}
          problem={problem(`secrets.${name}`)}
          value={draft.secrets[name]}
          onChange={(value) => put({ secrets: { ...draft.secrets, [name]: value } })}
        />
      ))}
      {(hasServer || hasFormat) && (
        <LinesField
          label={t('notificationRoutes.ca')}
          help={t('notificationRoutes.caHelp')}
          problem={problem('target.ca')}
          rows={2}
          value={draft.ca}
          onChange={(ca) => put({ ca })}
        />
      )}
    </>
  );
}
