import { Breadcrumb, BreadcrumbItem } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly title: string;
  /** What stands beside the title: state, owner, count. */
  readonly beside?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly parent?: { readonly to: string; readonly label: string };
  /** The page fills the window and scrolls inside, as lists and pictures do. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** The frame of every screen: title, actions, content. The document's title follows. */
export function PageFrame({ title, beside, subtitle, actions, parent, fill = false, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <div className={fill ? 'hv-page hv-page--fill' : 'hv-page'}>
      <header className="hv-page__header">
        <div className="hv-page__heading">
          {parent !== undefined && (
            <Breadcrumb>
              <BreadcrumbItem
                render={({ className }) => (
                  <Link className={className} to={parent.to}>
                    {parent.label}
                  </Link>
                )}
              />
              <BreadcrumbItem isActive>{title}</BreadcrumbItem>
            </Breadcrumb>
          )}
          <div className="hv-page__title">
            <h1 id="page-title" tabIndex={-1}>
              {title}
            </h1>
            {beside}
          </div>
          {subtitle !== undefined && <p className="hv-page__subtitle">{subtitle}</p>}
        </div>
        {actions !== undefined && <div className="hv-page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
