import { api, buildUrl } from '@hypervigil/contract';
import { useTranslation } from 'react-i18next';
import { type FlowQuery, resolveWindow } from '../../data/queries.ts';
import { ActionMenu } from '../../ui/ActionMenu.tsx';
import { downloadFrom } from '../../ui/download.ts';
import { DownloadIcon } from '../../ui/icons.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** Flows that one file holds at most, as the summaries of the operations say. */
const MOST = 100_000;
const FORMS = {
  csv: api.exportFlows,
  jsonl: api.exportFlowsJson,
  parquet: api.exportFlowsParquet,
} as const;

interface Props {
  readonly query: FlowQuery;
  /** How many flows it finds. */
  readonly total: number;
}

/** Takes exactly what is asked along: as a file that the platform writes, or as a link. */
export function FlowExport({ query, total }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const files = (['csv', 'jsonl', 'parquet'] as const).map((form) => ({
    label: t(`flows.exports.${form}`),
    description:
      total > MOST
        ? `${t(`flows.exportHelp.${form}`)} ${t('flows.exportCut', { count: MOST, total })}`
        : t(`flows.exportHelp.${form}`),
    onSelect: () => downloadFrom(buildUrl(FORMS[form], { query: resolveWindow(query, Date.now()) }), `flows.${form}`),
  }));
  const copy = () => {
    const link = linkTo(query, window.location.href, Date.now());
    navigator.clipboard.writeText(link).then(() => toasts.done(t('flows.linkCopied')), toasts.failed);
  };
  return (
    <ActionMenu
      label={t('flows.take')}
      icon={<DownloadIcon />}
      actions={[...files, { label: t('flows.copyLink'), description: t('flows.copyLinkHelp'), onSelect: copy }]}
    />
  );
}

/** A time that slides with the clock would show other flows later: in a link it stands still. */
function linkTo(query: FlowQuery, href: string, now: number): string {
  const link = new URL(href);
  const { from } = resolveWindow(query, now);
  if (query.window === undefined || from === undefined) return link.href;
  link.searchParams.delete('window');
  link.searchParams.set('from', from);
  link.searchParams.set('to', new Date(now).toISOString());
  return link.href;
}
