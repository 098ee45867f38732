import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';

interface Props {
  readonly label: string;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  readonly required?: boolean;
  readonly children: (input: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly validated: 'default' | 'error';
  }) => ReactNode;
}

/** A labelled input whose help, and whose problem, are read together with it. */
export function Field({ label, help, problem, required = false, children }: Props) {
  const id = useId();
  return (
    <FormGroup label={label} fieldId={id} isRequired={required}>
      {children({ id, 'aria-describedby': `${id}-help`, validated: problem === undefined ? 'default' : 'error' })}
      <FormHelperText id={`${id}-help`}>
        <HelperText>
          {problem !== undefined && <HelperTextItem variant="error">{problem}</HelperTextItem>}
          {problem === undefined && help !== undefined && <HelperTextItem>{help}</HelperTextItem>}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
