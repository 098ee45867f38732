import type { Permission } from '@hypervigil/model';
import type { ButtonProps } from '@patternfly/react-core';
import { type Subject, useDenial } from '../data/rights.ts';
import { ReasonButton } from './ReasonButton.tsx';

interface Props extends Omit<ButtonProps, 'isDisabled' | 'isAriaDisabled'> {
  /** What it takes to press it. */
  readonly permission: Permission;
  /** What it is done to, where that is already there. */
  readonly subject?: Subject | undefined;
  readonly disabledReason?: string | undefined;
}

/** A button for those who may; for the others it says why not. */
export function MayButton({ permission, subject, disabledReason, ...button }: Props) {
  const denied = useDenial(permission, subject);
  return <ReasonButton {...button} disabledReason={denied ?? disabledReason} />;
}
