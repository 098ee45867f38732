import { useTranslation } from 'react-i18next';
import type { SceneContainer } from './scene.ts';

/** Hosts, groups and tenants have names; the places of what has none are called in the reader's language. */
export function useContainerName(): (container: Pick<SceneContainer, 'kind' | 'name'>) => string {
  const { t } = useTranslation();
  return ({ kind, name }) => {
    if (name !== undefined) return name;
    if (kind === 'outside') return t('map.outside');
    if (kind === 'group') return t('map.ungrouped');
    return kind === 'tenant' ? t('common.unowned') : t('map.noHostYet');
  };
}
