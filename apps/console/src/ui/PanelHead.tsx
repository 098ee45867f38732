import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly description: string;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  /** Actions that only this kind of thing has; they come first. */
  readonly children?: ReactNode;
}

/** The head of the details of something that people write: what can be done with it, and what it is for. */
export function PanelHead({ description, onEdit, onRemove, children }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <div className="hv-row">
        {children}
        <Button variant="secondary" onClick={onEdit}>
          {t('common.edit')}
        </Button>
        <Button variant="link" isDanger onClick={onRemove}>
          {t('common.delete')}
        </Button>
      </div>
      {description !== '' && <p>{description}</p>}
    </>
  );
}
