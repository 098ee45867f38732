import { Button, Checkbox, Form } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { badService, type PolicyDraft, policyDraft, policyOf, withNewRule } from '../../data/firewall-edit.ts';
import { updateFirewall, useFirewallChange } from '../../data/host-firewalls.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField, TextField } from '../../ui/fields.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { FirewallRuleEditor } from './FirewallRuleEditor.tsx';
import type { FirewallProps } from './HostFirewallPage.tsx';
import { ServiceCatalogue } from './ServiceCatalogue.tsx';
import { SetsEditor } from './SetsEditor.tsx';

interface Props extends FirewallProps {
  /** A rule that allows this is added to begin with. */
  readonly service: string | undefined;
  readonly onDone: () => void;
}

/** The whole policy as a form; what is saved goes on trial. */
export function FirewallEditor({ id, firewall, service, onDone }: Props) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<PolicyDraft>(() => {
    const begun = policyDraft(firewall.policy);
    return service === undefined ? begun : withNewRule(begun, service);
  });
  const [trial, setTrial] = useState(String(firewall.trialSeconds));
  const put = (part: Partial<PolicyDraft>) => setDraft({ ...draft, ...part });
  const save = useFirewallChange(
    () => updateFirewall(id, { policy: policyOf(draft), trialSeconds: Number(trial), revision: firewall.revision }),
    onDone,
  );
  const problem = useProblemText(save.error);
  const verdicts = (['allow', 'deny'] as const).map((value) => ({ value, label: t(`policy.actions.${value}`) }));
  const modes = (['observe', 'enforce'] as const).map((value) => ({ value, label: t(`hostFirewall.modes.${value}`) }));
  const canSave = draft.rules.every((rule) => badService(rule.services) === undefined);
  return (
    <Form
      className="hv-firewall-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      {save.error != null && (
        <ErrorPanel
          error={save.error}
          shownFields={(field) => /^(policy\.(rules|sets)\.\d|trialSeconds)/.test(field)}
        />
      )}
      <Panel title={t('hostFirewall.policy')}>
        <div className="hv-fields">
          <SelectField
            label={t('hostFirewall.mode')}
            help={t(`hostFirewall.modeHelp.${draft.mode}`)}
            value={draft.mode}
            options={modes}
            onChange={(mode) => put({ mode })}
          />
          <SelectField
            label={t('hostFirewall.otherwiseIn')}
            help={t('hostFirewall.otherwiseInHelp')}
            value={draft.inbound}
            options={verdicts}
            onChange={(inbound) => put({ inbound })}
          />
          <SelectField
            label={t('hostFirewall.otherwiseOut')}
            help={t('hostFirewall.otherwiseOutHelp')}
            value={draft.outbound}
            options={verdicts}
            onChange={(outbound) => put({ outbound })}
          />
          <TextField
            label={t('hostFirewall.trialSeconds')}
            help={t('hostFirewall.trialSecondsHelp')}
            problem={problem('trialSeconds')}
            inputMode="numeric"
            value={trial}
            onChange={setTrial}
          />
        </div>
        <Checkbox
          id="keep-ssh"
          label={t('hostFirewall.keepSsh')}
          description={t('hostFirewall.keepSshHelp')}
          isChecked={draft.keepSsh}
          onChange={(_, keepSsh) => put({ keepSsh })}
        />
      </Panel>
      <Panel
        title={t('hostFirewall.rules')}
        actions={
          <Button
            variant="secondary"
            size="sm"
            icon={<PlusIcon />}
            isDisabled={draft.rules.length >= 500}
            onClick={() => setDraft(withNewRule(draft))}
          >
            {t('policy.addRule')}
          </Button>
        }
      >
        <ol className="hv-rule-editor">
          {draft.rules.map((rule, index) => (
            <FirewallRuleEditor
              key={rule.key}
              rule={rule}
              index={index}
              count={draft.rules.length}
              sets={draft.sets}
              problem={problem(`policy.rules.${index}`)}
              onChange={(next) => put({ rules: draft.rules.with(index, next) })}
              onRemove={() => put({ rules: draft.rules.toSpliced(index, 1) })}
              onMove={(to) => put({ rules: draft.rules.toSpliced(index, 1).toSpliced(to, 0, rule) })}
            />
          ))}
        </ol>
        {draft.rules.length === 0 && <p className="hv-muted">{t('hostFirewall.noRules')}</p>}
        <ServiceCatalogue />
      </Panel>
      <SetsEditor draft={draft} problem={(index) => problem(`policy.sets.${index}`)} onChange={setDraft} />
      <div className="hv-form-foot">
        <Button type="submit" isLoading={save.isPending} isDisabled={save.isPending || !canSave}>
          {t('hostFirewall.save')}
        </Button>
        <Button variant="link" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        <span className="hv-muted">{t('hostFirewall.saveHelp', { seconds: trial })}</span>
      </div>
    </Form>
  );
}
