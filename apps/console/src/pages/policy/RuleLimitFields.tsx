import { type RuleLimits, UNLIMITED } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { TextField } from '../../ui/fields.tsx';
import { bandwidthOf, connectionRateOf, countOf, isLimitText, textOfLimit } from '../limits/limit-fields.ts';

const KINDS = ['newConnections', 'open', 'bandwidth'] as const;
/** As they are typed; empty is no limit. */
export type RuleLimitTexts = Readonly<Record<(typeof KINDS)[number], string>>;

export const ruleLimitTexts = ({ newConnections, open, bandwidth }: RuleLimits = UNLIMITED): RuleLimitTexts => ({
  newConnections: textOfLimit(newConnections),
  open: textOfLimit(open),
  bandwidth: textOfLimit(bandwidth),
});

export const areRuleLimits = (texts: RuleLimitTexts): boolean => KINDS.every((kind) => isLimitText(texts[kind]));

export const ruleLimitsOf = (texts: RuleLimitTexts, before: RuleLimits = UNLIMITED): RuleLimits => ({
  newConnections: connectionRateOf(texts.newConnections, before.newConnections),
  open: countOf(texts.open),
  bandwidth: bandwidthOf(texts.bandwidth, before.bandwidth),
});

interface Props {
  readonly texts: RuleLimitTexts;
  readonly problem: (field: string) => string | undefined;
  readonly onChange: (texts: RuleLimitTexts) => void;
}

/** How much of what a rule lets pass may pass at most. */
export function RuleLimitFields({ texts, problem, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <fieldset className="hv-choices">
      <legend>{t('policy.limits')}</legend>
      <p className="hv-muted">{t('policy.limitsHelp')}</p>
      <div className="hv-row">
        {KINDS.map((kind) => (
          <TextField
            key={kind}
            label={t(`policy.limitFields.${kind}`)}
            problem={isLimitText(texts[kind]) ? problem(kind) : t('limits.notANumber')}
            inputMode="decimal"
            value={texts[kind]}
            onChange={(text) => onChange({ ...texts, [kind]: text })}
          />
        ))}
      </div>
    </fieldset>
  );
}
