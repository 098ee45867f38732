import type { Permission } from '@hypervigil/model';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Subject } from '../data/rights.ts';
import { MayButton } from './MayButton.tsx';

interface Props {
  readonly description: string;
  /** What it takes to edit and to delete it. */
  readonly permission: Permission;
  /** Whose it is, where it belongs to somebody. */
  readonly subject?: Subject;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  /** Actions that only this kind of thing has; they come first. */
  readonly children?: ReactNode;
}

/** The head of the details of something that people write: what can be done with it, and what it is for. */
export function PanelHead({ description, permission, subject, onEdit, onRemove, children }: Props) {
  const { t } = useTranslation();
  const may = { permission, subject };
  return (
    <>
      <div className="hv-row">
        {children}
        <MayButton {...may} variant="secondary" onClick={onEdit}>
          {t('common.edit')}
        </MayButton>
        <MayButton {...may} variant="link" isDanger onClick={onRemove}>
          {t('common.delete')}
        </MayButton>
      </div>
      {description !== '' && <p>{description}</p>}
    </>
  );
}
