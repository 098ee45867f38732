import { type Blocked, type Inspection, riskNum } from '@hypervigil/model';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { risks } from '../i18n/en/risks.ts';
import { useCollection } from './queries.ts';

/** A gateway's name; one that is gone is known by its number. */
export function useGatewayName(): (which: Pick<Inspection, 'gatewayId' | 'gatewayNum'>) => string {
  const { t } = useTranslation();
  const gateways = useCollection('gateways').byId;
  return useCallback(
    ({ gatewayId, gatewayNum }) => {
      const known = gateways.get(gatewayId ?? '');
      if (known) return t('gateways.one', { num: known.num, host: known.hostName });
      return gatewayNum === null ? (gatewayId ?? '') : t('flows.gatewayNum', { num: gatewayNum });
    },
    [t, gateways],
  );
}

/** What a risk is called, by nDPI's number. */
export function useRiskName(): (num: number) => string {
  const { t } = useTranslation();
  return useCallback(
    (num) => {
      const name = `n${num}`;
      return name in risks ? t(`risks.${name as keyof typeof risks}`) : t('flows.riskNum', { num });
    },
    [t],
  );
}

/** One of the things that a rule blocks, in words: risks have names in their rules that only machines like. */
export function useBlockedName(): (blocked: Blocked) => string {
  const riskName = useRiskName();
  return useCallback(({ by, what }) => (by === 'risk' ? riskName(riskNum(what) ?? 0) : what), [riskName]);
}

/** What became of a flow that its rule wants inspected, in words. */
export function useInspectionText(): (inspection: Inspection) => string {
  const { t } = useTranslation();
  const nameOf = useGatewayName();
  const blockedName = useBlockedName();
  return useCallback(
    (inspection) => {
      const { outcome, blocked } = inspection;
      // Of whose gateway it was tenants are told nothing.
      const gateway = inspection.gateways.map(nameOf).join(' → ') || t('flows.aGateway');
      if (blocked === null) return t(`flows.inspectedBy.${outcome}`, { gateway });
      return t(`flows.blockedFor.${blocked.by}`, { gateway, what: blockedName(blocked) });
    },
    [t, nameOf, blockedName],
  );
}
