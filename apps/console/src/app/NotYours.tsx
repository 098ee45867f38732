import { useTranslation } from 'react-i18next';
import { EmptyTeach } from '../ui/EmptyTeach.tsx';
import { LockIcon } from '../ui/icons.tsx';
import { LinkButton } from '../ui/links.tsx';
import { PageFrame } from '../ui/PageFrame.tsx';

/** In place of a page of which the reader may see nothing. */
export function NotYours({ reason }: { readonly reason: string }) {
  const { t } = useTranslation();
  return (
    <PageFrame title={t('shell.notYours')}>
      <EmptyTeach
        icon={LockIcon}
        title={t('shell.notYours')}
        help={reason}
        action={<LinkButton to="/">{t('shell.toOverview')}</LinkButton>}
      />
    </PageFrame>
  );
}
