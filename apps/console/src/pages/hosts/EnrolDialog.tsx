import type { api, ResponseOf } from '@hypervigil/contract';
import {
  Button,
  ClipboardCopy,
  Form,
  FormSelect,
  FormSelectOption,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  Spinner,
  TextInput,
} from '@patternfly/react-core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useCollection } from '../../data/queries.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { Field } from '../../ui/Field.tsx';
import { AllowIcon } from '../../ui/icons.tsx';
import { Status } from '../../ui/labels.tsx';
import { Mono } from '../../ui/Mono.tsx';
import { useFormat } from '../../ui/use-format.ts';

type Token = ResponseOf<(typeof api)['createEnrolment']>;
const MINUTES = [15, 60, 480] as const;

/** A one-time token, as the command that uses it. The dialog stays open until the host has joined or somebody closes it. */
export function EnrolDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [hostName, setHostName] = useState('');
  const [minutes, setMinutes] = useState<number>(60);
  const make = useMutation({
    mutationFn: () => platform.createEnrolment({ body: { hostName, validSeconds: minutes * 60 } }),
  });
  const problem = useProblemText(make.error);
  return (
    <Modal isOpen variant="medium" aria-labelledby="enrol-title" onClose={onClose}>
      <ModalHeader title={t('hosts.enrolTitle')} labelId="enrol-title" />
      <ModalBody>
        {make.data !== undefined ? (
          <Joining token={make.data} />
        ) : (
          <Form
            id="enrol"
            onSubmit={(event) => {
              event.preventDefault();
              make.mutate();
            }}
          >
            {make.error !== null && <ErrorPanel error={make.error} shownFields={(field) => field === 'hostName'} />}
            <Field label={t('hosts.enrolName')} help={t('hosts.enrolNameHelp')} problem={problem('hostName')} required>
              {(input) => (
                <TextInput {...input} isRequired value={hostName} onChange={(_, value) => setHostName(value)} />
              )}
            </Field>
            <Field label={t('hosts.enrolValid')}>
              {(input) => (
                <FormSelect {...input} value={String(minutes)} onChange={(_, value) => setMinutes(Number(value))}>
                  {MINUTES.map((count) => (
                    <FormSelectOption key={count} value={String(count)} label={t('hosts.enrolMinutes', { count })} />
                  ))}
                </FormSelect>
              )}
            </Field>
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        {make.data === undefined ? (
          <>
            <Button type="submit" form="enrol" isLoading={make.isPending} isDisabled={hostName.trim() === ''}>
              {t('hosts.enrolCreate')}
            </Button>
            <Button variant="link" onClick={onClose}>
              {t('common.cancel')}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>{t('common.close')}</Button>
        )}
      </ModalFooter>
    </Modal>
  );
}

function Joining({ token }: { readonly token: Token }) {
  const { t } = useTranslation();
  const format = useFormat();
  const joined = useCollection('hosts').items.some(
    (host) => host.name === token.hostName && host.enrolledAt >= token.createdAt,
  );
  return (
    <div className="hv-stack">
      <p>{t('hosts.enrolReady', { name: token.hostName, time: format.instant(token.expiresAt) })}</p>
      <ClipboardCopy
        isReadOnly
        isCode
        isExpanded
        variant="expansion"
        hoverTip={t('common.copy')}
        clickTip={t('common.copied')}
        textAriaLabel={t('hosts.enrolTitle')}
        toggleAriaLabel={t('common.details')}
      >
        {token.command}
      </ClipboardCopy>
      <p className="hv-muted">{t('hosts.enrolOnce')}</p>
      <p className="hv-fingerprint">
        {t('hosts.fingerprint')} <Mono>{token.caFingerprint}</Mono>
      </p>
      <p role="status" className="hv-row">
        {joined ? (
          <Status tone="green" icon={AllowIcon}>
            {t('hosts.enrolJoined', { name: token.hostName })}
          </Status>
        ) : (
          <>
            <Spinner size="md" aria-label={t('shell.loading')} /> {t('hosts.enrolWaiting', { name: token.hostName })}
          </>
        )}
      </p>
    </div>
  );
}
