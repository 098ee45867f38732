import type { Vm } from '@hypervigil/model';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { upsert } from '../../data/events.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { LinesField } from '../../ui/fields.tsx';
import { parseTags, writeTags } from '../../ui/lines.ts';
import { useToasts } from '../../ui/toast.tsx';

export function TagsDialog({ vm, onClose }: { readonly vm: Vm; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toasts = useToasts();
  const [text, setText] = useState(writeTags(vm.tags));
  const parsed = parseTags(text);
  const save = useMutation({
    mutationFn: (tags: Record<string, string>) => platform.updateVm({ params: { id: vm.id }, body: { tags } }),
    onSuccess: (changed) => {
      client.setQueryData<readonly Vm[]>(['vms'], (rows) => rows && upsert(rows, new Map([[changed.id, changed]])));
      toasts.done(t('vms.tagsSaved'));
      onClose();
    },
  });
  const problemAt = useProblemText(save.error);
  const problem = 'badLine' in parsed ? t('vms.tagsBad', { line: parsed.badLine }) : problemAt('tags');
  return (
    <Dialog
      title={t('vms.tagsTitle', { name: vm.name })}
      submit={t('common.save')}
      busy={save.isPending}
      canSubmit={'tags' in parsed}
      error={save.error}
      shownFields={(field) => field.startsWith('tags')}
      onClose={onClose}
      onSubmit={() => {
        if ('tags' in parsed) save.mutate(parsed.tags);
      }}
    >
      <LinesField
        label={t('vms.tags')}
        help={t('vms.tagsHelp')}
        problem={problem}
        rows={5}
        value={text}
        onChange={setText}
      />
    </Dialog>
  );
}
