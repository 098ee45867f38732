import type { PolicyDifference } from '@hypervigil/contract';
import { Action, RULE_DEFAULTS, Service, Tier, writeService } from '@hypervigil/model';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';

type Field = PolicyDifference['fields'][number];
type Names = Readonly<Record<string, string>>;

/** What is the same of nearly every policy and rule, or says nothing. */
const USUAL: Readonly<Record<string, unknown>> = { ...RULE_DEFAULTS, enabled: true };
/** They stand in the head of what is added or removed. */
const IN_HEAD: ReadonlySet<string> = new Set(['name', 'tier']);

/** Of something that is added or removed what says anything; of something that changed, all. */
export const worthTelling = ({ field, ...values }: Field): boolean => {
  if ('before' in values && 'after' in values) return true;
  const value = 'after' in values ? values.after : values.before;
  return !IN_HEAD.has(field) && !isNothing(value) && value !== USUAL[field];
};

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Fields of policies and rules, and what is in them, as the rest of the console says it. */
export function useFieldText(names: Names) {
  const { t } = useTranslation();
  const format = useFormat();

  function value(field: string, one: unknown): string {
    if (isNothing(one)) return '–';
    if (Array.isArray(one)) return one.map((each) => value(field, each)).join(', ');
    if (typeof one === 'boolean') return t(one ? 'common.on' : 'common.off');
    if (typeof one === 'object') {
      const service = Service.safeParse(one);
      return service.success ? writeService(service.data) : JSON.stringify(one);
    }
    const text = String(one);
    if (field === 'expiresAt') return format.instant(text);
    return names[text] ?? wordOf(t, field, text) ?? text;
  }

  return {
    label(path: string): string {
      const [field = path, ...within] = path.split('.');
      const label = labelOf(t, field);
      // The parts of a side are told apart by what is in them.
      return [label, ...(isSide(field) ? [] : within)].join(' · ');
    },
    value,
  };
}

const isSide = (field: string): boolean => field === 'from' || field === 'to';

/** Words that a field has one of. */
function wordOf(t: TFunction, field: string, text: string): string | undefined {
  const action = Action.safeParse(field === 'action' ? text : undefined);
  if (action.success) return t(`policy.actions.${action.data}`);
  const tier = Tier.safeParse(field === 'tier' ? text : undefined);
  return tier.success ? t(`policy.tier.${tier.data}`) : undefined;
}

function labelOf(t: TFunction, field: string): string {
  switch (field) {
    case 'name':
      return t('common.name');
    case 'description':
      return t('common.description');
    case 'tier':
      return t('history.tier');
    case 'tenantId':
      return t('policy.tenant');
    case 'namedServiceIds':
      return t('policy.namedServices');
    case 'comment':
      return t('policy.commentColumn');
    case 'scheduleId':
      return t('policy.schedule');
    case 'mirrorId':
      return t('policy.mirror');
    case 'inspect':
      return t('policy.inspection');
    case 'order':
    case 'enabled':
    case 'action':
    case 'from':
    case 'to':
    case 'services':
    case 'log':
    case 'logSampling':
    case 'owner':
    case 'expiresAt':
    case 'staged':
    case 'limits':
      return t(`policy.${field}`);
    default:
      return field;
  }
}
