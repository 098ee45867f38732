import { Button } from '@patternfly/react-core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyTeach } from '../ui/EmptyTeach.tsx';
import { SearchIcon } from '../ui/icons.tsx';
import { PageFrame } from '../ui/PageFrame.tsx';

export function NotFound() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <PageFrame title={t('shell.notFound')}>
      <EmptyTeach
        icon={SearchIcon}
        title={t('shell.notFound')}
        help={t('shell.notFoundHelp')}
        action={<Button onClick={() => void navigate({ to: '/' })}>{t('shell.toOverview')}</Button>}
      />
    </PageFrame>
  );
}
