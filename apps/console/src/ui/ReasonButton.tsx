import { Button, type ButtonProps, Tooltip } from '@patternfly/react-core';

interface Props extends Omit<ButtonProps, 'isDisabled' | 'isAriaDisabled'> {
  readonly disabledReason?: string | undefined;
}

/** A button that cannot be used now stays where it is, can be focused, and says why. */
export function ReasonButton({ disabledReason, ...button }: Props) {
  if (disabledReason === undefined) return <Button {...button} />;
  return (
    <Tooltip content={disabledReason}>
      <Button {...button} isAriaDisabled />
    </Tooltip>
  );
}
