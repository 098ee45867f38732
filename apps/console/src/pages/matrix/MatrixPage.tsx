import './matrix.css';
import { MATRIX_GROUPS } from '@hypervigil/contract';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useMatrix } from '../../data/analysis.ts';
import { useCollection } from '../../data/queries.ts';
import { wheresOf } from '../../data/question.ts';
import { EmptyTeach } from '../../ui/EmptyTeach.tsx';
import { MatrixIcon } from '../../ui/icons.tsx';
import { ListFrame } from '../../ui/ListFrame.tsx';
import { LinkButton } from '../../ui/links.tsx';
import { PageFrame } from '../../ui/PageFrame.tsx';
import { useUrl } from '../../ui/use-url.ts';
import { Grid } from './Grid.tsx';
import { Legend } from './Legend.tsx';
import { MatrixTools } from './MatrixTools.tsx';
import { type MatrixOf, narrowed } from './matrix-of.ts';

/** Which groups reach which groups, on what? */
export function MatrixPage() {
  const { t } = useTranslation();
  const [url, patch] = useUrl();
  const navigate = useNavigate();
  const groups = useCollection('groups');
  const { q = '', tenant, service = '' } = url;
  const of = url['of'] === 'published' ? 'published' : 'draft';
  const wanted = useMemo(() => {
    const text = q.toLocaleLowerCase();
    return groups.items.filter(
      ({ name, tenantId }) =>
        name.toLocaleLowerCase().includes(text) && (tenant === undefined || tenantId === null || tenantId === tenant),
    );
  }, [groups.items, q, tenant]);
  // All that one answer holds is asked for once, and narrowed here; of more, only what is wanted.
  const asked = groups.items.length > MATRIX_GROUPS ? idsOfFirst(wanted) : undefined;
  const answer = useMatrix({ of, service, groups: asked }, !groups.loading && wanted.length > 0);
  const shown = useMemo(
    () => answer.data && narrowed(answer.data, new Set(wanted.map(({ id }) => id))),
    [answer.data, wanted],
  );
  const open = useCallback(
    ({ groups: ends }: MatrixOf, from: number, to: number) => {
      const wheres = new Map(wheresOf('group', groups.items).map(({ id, where }) => [id, where]));
      const where = (at: number) => wheres.get(ends[at]?.id ?? '');
      void navigate({
        to: '/reach',
        search: {
          from: where(from),
          to: where(to),
          service: service || undefined,
          of: of === 'draft' ? undefined : of,
        },
      });
    },
    [groups.items, navigate, of, service],
  );
  const none = (
    <EmptyTeach
      icon={MatrixIcon}
      title={t('matrix.empty')}
      help={t('matrix.emptyHelp')}
      action={<LinkButton to="/groups">{t('groups.title')}</LinkButton>}
    />
  );
  const noMatch = <EmptyTeach icon={MatrixIcon} title={t('table.noMatch')} help={t('table.noMatchHelp')} />;
  const empty = groups.items.length === 0 ? none : wanted.length === 0 && noMatch;
  return (
    <PageFrame fill title={t('matrix.title')} subtitle={t('matrix.question')}>
      <MatrixTools q={q} of={of} service={service} error={answer.error} onChange={patch} />
      <ListFrame
        loading={groups.loading || (answer.isPending && wanted.length > 0)}
        error={groups.error ?? answer.error}
        retry={() => (groups.error === null ? void answer.refetch() : groups.retry())}
        empty={empty}
      >
        {wanted.length > MATRIX_GROUPS && (
          <p className="hv-muted" role="status">
            {t('matrix.cut', { shown: MATRIX_GROUPS, total: wanted.length })}
          </p>
        )}
        {shown !== undefined && <Grid matrix={shown} onOpen={open} />}
        <Legend />
      </ListFrame>
    </PageFrame>
  );
}

const idsOfFirst = (groups: readonly { readonly id: string; readonly name: string }[]) =>
  groups
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MATRIX_GROUPS)
    .map(({ id }) => id);
