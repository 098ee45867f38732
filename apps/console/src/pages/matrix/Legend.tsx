import { useTranslation } from 'react-i18next';
import { SIGN } from './matrix-of.ts';

const ALLOWED = ['everything', 'something', 'nothing', 'apart'] as const;

export function Legend() {
  const { t } = useTranslation();
  return (
    <ul className="hv-matrix-legend" aria-label={t('matrix.legend')}>
      {ALLOWED.map((allowed) => (
        <li key={allowed}>
          <span className={`hv-matrix-sign hv-matrix-${allowed}`} aria-hidden="true">
            {SIGN[allowed]}
          </span>
          {t(`matrix.allowed.${allowed}`)}
        </li>
      ))}
    </ul>
  );
}
