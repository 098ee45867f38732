import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import type { ComponentType, ReactNode } from 'react';

interface Props {
  readonly icon: ComponentType;
  readonly title: string;
  readonly help: string;
  readonly action?: ReactNode;
}

/** Nothing here yet: what would be, and the button that fills it. */
export function EmptyTeach({ icon, title, help, action }: Props) {
  return (
    <EmptyState icon={icon} titleText={title} headingLevel="h2" variant="sm">
      <EmptyStateBody>{help}</EmptyStateBody>
      {action !== undefined && (
        <EmptyStateFooter>
          <EmptyStateActions>{action}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}
