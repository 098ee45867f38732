import { Button, Form, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from './ErrorPanel.tsx';

interface Props {
  readonly title: string;
  readonly help?: ReactNode;
  readonly submit: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly canSubmit?: boolean;
  readonly error?: unknown;
  readonly shownFields?: (field: string) => boolean;
  readonly wide?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Asks before something happens: what, what it affects, and one button that says the verb. */
export function Dialog(props: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Modal
      isOpen
      variant={props.wide ? 'medium' : 'small'}
      onClose={props.onClose}
      aria-labelledby={`${id}-title`}
      {...(props.children === undefined ? {} : { elementToFocus: `#${id}-form :is(input, textarea, select)` })}
    >
      <ModalHeader
        title={props.title}
        labelId={`${id}-title`}
        {...(props.danger ? { titleIconVariant: 'warning' as const } : {})}
        {...(props.help === undefined ? {} : { description: props.help })}
      />
      <ModalBody id={`${id}-body`}>
        <Form
          id={`${id}-form`}
          onSubmit={(event) => {
            event.preventDefault();
            props.onSubmit();
          }}
        >
          {props.error != null && (
            <ErrorPanel error={props.error} {...(props.shownFields ? { shownFields: props.shownFields } : {})} />
          )}
          {props.children}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          type="submit"
          form={`${id}-form`}
          variant={props.danger ? 'danger' : 'primary'}
          isLoading={props.busy === true}
          isDisabled={props.busy === true || props.canSubmit === false}
        >
          {props.submit}
        </Button>
        <Button variant="link" onClick={props.onClose}>
          {t('common.cancel')}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
