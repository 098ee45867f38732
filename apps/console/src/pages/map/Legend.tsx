import { useTranslation } from 'react-i18next';

interface Props {
  /** How many lines are drawn, when there were more. */
  readonly truncated: number | undefined;
  readonly clustered: boolean;
}

/** What the lines mean. */
export function Legend({ truncated, clustered }: Props) {
  const { t } = useTranslation();
  const lines = [
    { kind: 'allow', text: t('map.legendAllow') },
    { kind: 'deny', text: t('map.legendDeny') },
    { kind: 'open', text: t('map.legendUnprotected') },
  ] as const;
  return (
    <aside className="hv-legend" aria-label={t('map.legend')}>
      <ul>
        {lines.map(({ kind, text }) => (
          <li key={kind}>
            <svg viewBox="0 0 44 12" aria-hidden="true" className={`hv-link hv-link--${kind}`}>
              <path className="hv-link__line" d="M1,6 L38,6" strokeWidth="2.5" />
              {kind === 'deny' ? (
                <rect className="hv-link__end" x="38" y="1" width="3" height="10" />
              ) : (
                <path className="hv-link__end" d="M34,1 L43,6 L34,11 Z" />
              )}
            </svg>
            {text}
          </li>
        ))}
        <li className="hv-muted">{t('map.legendVolume')}</li>
        <li className="hv-muted hv-legend__age">{t('map.legendAge')}</li>
      </ul>
      {clustered && <p>{t('map.clusters')}</p>}
      {truncated !== undefined && <p role="status">{t('map.truncated', { count: truncated })}</p>}
    </aside>
  );
}
