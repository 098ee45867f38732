import type { DraftPolicy, RuleInput } from '@hypervigil/contract';
import { Action, UNLIMITED } from '@hypervigil/model';
import { Checkbox, Radio } from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraftEdits } from '../../data/draft-edits.ts';
import { withRule } from '../../data/policy-edit.ts';
import { useCollection } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { fromLocal, toLocal } from '../../ui/local-time.ts';
import { PickList } from '../../ui/PickList.tsx';
import { ServicesField, useServices } from '../../ui/ServicesField.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { WeekPicture } from '../schedules/WeekPicture.tsx';
import { InspectFields, inspectDraft, inspectOf, isChosen } from './InspectFields.tsx';
import { type PeerDraft, PeerEditor, peerDraft, peerOf } from './PeerEditor.tsx';
import { areRuleLimits, RuleLimitFields, ruleLimitsOf, ruleLimitTexts } from './RuleLimitFields.tsx';

interface Props {
  readonly policy: DraftPolicy;
  readonly initial: RuleInput;
  readonly onClose: () => void;
}

/** One rule: who, to whom, on what, and what is said of it. The platform's problems stand at their fields. */
export function RuleDialog({ policy, initial, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const [name, setName] = useState(initial.name);
  const [action, setAction] = useState(initial.action);
  const [inspect, setInspect] = useState(inspectDraft(initial));
  const [from, setFrom] = useState<PeerDraft>(peerDraft(initial.from));
  const [to, setTo] = useState<PeerDraft>(peerDraft(initial.to));
  const services = useServices(initial.services);
  const [comment, setComment] = useState(initial.comment);
  const [named, setNamed] = useState<readonly string[]>(initial.namedServiceIds);
  const [scheduleId, setScheduleId] = useState(initial.scheduleId);
  const [mirrorId, setMirrorId] = useState(initial.mirrorId ?? null);
  const [limits, setLimits] = useState(ruleLimitTexts(initial.limits));
  const [owner, setOwner] = useState(initial.owner);
  const [expiresAt, setExpiresAt] = useState(initial.expiresAt);
  const [log, setLog] = useState(initial.log);
  const [sampling, setSampling] = useState(initial.logSampling?.toString() ?? '');
  const [staged, setStaged] = useState(initial.staged);
  const [enabled, setEnabled] = useState(initial.enabled);
  const catalogue = useCollection('namedServices').items;
  const schedules = useCollection('schedules');
  const schedule = schedules.byId.get(scheduleId ?? '');
  const mirrors = useCollection('mirrors').items.filter(({ tenantId }) => tenantId === policy.tenantId);
  const lets = action === 'allow' || action === 'inspect';
  const edits = useDraftEdits();
  const save = useMutation({
    mutationFn: () => {
      const { inspect: _, ...others } = initial;
      const rule = {
        ...others,
        ...(action === 'inspect' && { inspect: inspectOf(inspect) }),
        name,
        action,
        from: peerOf(from),
        to: peerOf(to),
        comment,
        owner,
        expiresAt,
        scheduleId,
        mirrorId: lets ? mirrorId : null,
        limits: lets ? ruleLimitsOf(limits, initial.limits) : UNLIMITED,
        namedServiceIds: [...named],
        log,
        logSampling: sampling.trim() === '' ? null : Number(sampling),
        enabled,
        staged,
        services: services.services,
      };
      return edits.save({ policy, edit: withRule(rule) });
    },
    onSuccess: () => {
      toasts.done(t('policy.policySaved', { name: policy.name }));
      onClose();
    },
  });
  const at = initial.id === undefined ? 'placed.0.rule' : 'changed.0';
  const problemAt = useProblemText(save.error);
  const problem = (field: string) => problemAt(`${at}.${field}`);
  return (
    <Dialog
      wide
      title={initial.id === undefined ? t('policy.newRule') : t('policy.ruleTitle', { name: initial.name })}
      submit={t('policy.saveRule')}
      busy={save.isPending}
      canSubmit={
        name.trim() !== '' &&
        services.bad === undefined &&
        (action !== 'inspect' || isChosen(inspect)) &&
        (!lets || areRuleLimits(limits))
      }
      error={save.error}
      shownFields={(field) => field.startsWith(`${at}.`)}
      onClose={onClose}
      onSubmit={() => save.mutate()}
    >
      <TextField label={t('common.name')} problem={problem('name')} required value={name} onChange={setName} />
      <fieldset className="hv-choices">
        <legend>{t('policy.action')}</legend>
        {Action.options.map((option) => (
          <Radio
            key={option}
            id={`action-${option}`}
            name="action"
            label={t(`policy.actions.${option}`)}
            description={t(`policy.actionHelp.${option}`)}
            isChecked={action === option}
            onChange={() => setAction(option)}
          />
        ))}
      </fieldset>
      {action === 'inspect' && (
        <InspectFields
          policy={policy}
          inspect={inspect}
          problem={(field) => problem(`inspect.${field}`)}
          onChange={setInspect}
        />
      )}
      <div className="hv-sides">
        <PeerEditor
          legend={t('policy.from')}
          peer={from}
          onChange={setFrom}
          problem={(field) => problem(`from.${field}`)}
        />
        <PeerEditor legend={t('policy.to')} peer={to} onChange={setTo} problem={(field) => problem(`to.${field}`)} />
      </div>
      <Field label={t('policy.namedServices')} problem={problem('namedServiceIds')}>
        {(input) => (
          <PickList
            {...input}
            placeholder={t('policy.namedServicesHelp')}
            choices={catalogue}
            chosen={named}
            onChange={setNamed}
          />
        )}
      </Field>
      <ServicesField draft={services} help={t('policy.servicesHelp')} problem={problem('services')} />
      <SelectField
        label={t('policy.schedule')}
        help={t('policy.scheduleHelp')}
        problem={problem('scheduleId')}
        value={scheduleId ?? ''}
        options={[
          { value: '', label: t('policy.always') },
          ...schedules.items.map(({ id, name, zone }) => ({ value: id, label: `${name} (${zone})` })),
        ]}
        onChange={(id) => setScheduleId(id === '' ? null : id)}
      />
      {schedule !== undefined && <WeekPicture windows={schedule.windows} />}
      {lets && mirrors.length > 0 && (
        <SelectField
          label={t('policy.mirror')}
          help={t('policy.mirrorHelp')}
          problem={problem('mirrorId')}
          value={mirrorId ?? ''}
          options={[
            { value: '', label: t('policy.noMirror') },
            ...mirrors.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(id) => setMirrorId(id === '' ? null : id)}
        />
      )}
      {lets && <RuleLimitFields texts={limits} problem={(field) => problem(`limits.${field}`)} onChange={setLimits} />}
      <TextField label={t('policy.commentColumn')} problem={problem('comment')} value={comment} onChange={setComment} />
      <div className="hv-row">
        <TextField
          label={t('policy.owner')}
          help={t('policy.ownerHelp')}
          problem={problem('owner')}
          value={owner}
          onChange={setOwner}
        />
        <TextField
          type="datetime-local"
          label={t('policy.expiresAt')}
          help={t('policy.expiresHelp')}
          problem={problem('expiresAt')}
          value={toLocal(expiresAt)}
          onChange={(text) => setExpiresAt(fromLocal(text))}
        />
      </div>
      <div className="hv-row">
        <Checkbox
          id="rule-enabled"
          label={t('policy.enabled')}
          isChecked={enabled}
          onChange={(_, checked) => setEnabled(checked)}
        />
        <Checkbox
          id="rule-log"
          label={t('policy.log')}
          description={t('policy.logHelp')}
          isChecked={log}
          onChange={(_, checked) => setLog(checked)}
        />
      </div>
      <TextField
        label={t('policy.logSampling')}
        help={t('policy.logSamplingHelp')}
        problem={problem('logSampling')}
        type="number"
        value={sampling}
        onChange={setSampling}
      />
      <Checkbox
        id="rule-staged"
        label={t('policy.staged')}
        description={t('policy.stagedHelp')}
        isChecked={staged}
        onChange={(_, checked) => setStaged(checked)}
      />
    </Dialog>
  );
}
