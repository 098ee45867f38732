import { feedText, languageOf, leftOutText } from '@hypervigil/contract';
import type { ThreatSet } from '@hypervigil/model';
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { Dash, Mono } from '../../ui/Mono.tsx';
import { RelativeTime } from '../../ui/RelativeTime.tsx';
import { useFormat } from '../../ui/use-format.ts';

/** Where a threat set's entries come from, how old they are, and what was left out. */
export function ThreatState({ set }: { readonly set: ThreatSet }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const language = languageOf(i18n.language);
  const { feed, state } = set;
  return (
    <section>
      <h3>{t('addressSets.provenance')}</h3>
      {state.problem !== null && (
        <Alert isInline variant="warning" title={t('addressSets.refreshFailed')}>
          <p>{feedText(language, state.problem)}</p>
          <p>{t('addressSets.keeps')}</p>
        </Alert>
      )}
      <Facts
        narrow
        facts={[
          { name: t('addressSets.source'), value: state.source ?? feed.url ?? <Dash /> },
          { name: t('addressSets.format'), value: t(`addressSets.formats.${feed.format}`) },
          { name: t('addressSets.checked'), value: <RelativeTime at={state.checkedAt} /> },
          { name: t('addressSets.fetched'), value: <RelativeTime at={state.fetchedAt} /> },
          ...(feed.url === null ? [] : [{ name: t('addressSets.next'), value: <RelativeTime at={state.nextAt} /> }]),
          { name: t('addressSets.size'), value: state.bytes === null ? <Dash /> : format.bytes(state.bytes) },
          { name: 'SHA-256', value: state.sha256 === null ? <Dash /> : <Mono>{state.sha256}</Mono> },
        ]}
      />
      {state.leftOut.length > 0 && (
        <details>
          <summary>
            {t('addressSets.leftOut', { count: state.leftOut.reduce((sum, { count }) => sum + count, 0) })}
          </summary>
          <ul className="hv-plain-list">
            {state.leftOut.map((one) => (
              <li key={one.reason}>
                <span>
                  {format.count(one.count)} · {leftOutText(language, one)}{' '}
                  <span className="hv-muted">{one.examples.map(({ at, text }) => `${at}: ${text}`).join(' · ')}</span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
