import type { ApprovalSettings } from '@hypervigil/contract';
import { TIERS } from '@hypervigil/model';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { approvalSettingsOptions } from '../../data/queries.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useProblemText } from '../../ui/error-text.ts';
import { SelectField } from '../../ui/fields.tsx';
import { useToasts } from '../../ui/toast.tsx';

/** As many as the platform takes (`ApprovalSettings` of the contract). */
const NUMBERS = Array.from({ length: 11 }, (_, n) => n);

/** How many people have to approve what a draft changes in each tier. */
export function ApprovalsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const client = useQueryClient();
  const { data: settings, error } = useQuery(approvalSettingsOptions);
  const [chosen, setChosen] = useState<Partial<ApprovalSettings>>({});
  const save = useMutation({
    mutationFn: (body: ApprovalSettings) => platform.updateApprovalSettings({ body }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['policy'] });
      toasts.done(t('approvals.saved'));
      onClose();
    },
  });
  const problem = useProblemText(save.error);
  // Until they are read there is nothing that the dialog could put the focus on.
  if (settings === undefined && error === null) return null;
  const wanted = settings && { ...settings, ...chosen };
  return (
    <Dialog
      title={t('approvals.set')}
      help={t('approvals.setHelp')}
      submit={t('common.save')}
      busy={save.isPending}
      canSubmit={wanted !== undefined}
      error={save.error ?? error}
      shownFields={(field) => TIERS.some((tier) => tier === field)}
      onClose={onClose}
      onSubmit={() => wanted && save.mutate(wanted)}
    >
      {wanted !== undefined &&
        TIERS.map((tier) => (
          <SelectField
            key={tier}
            label={t(`policy.tier.${tier}`)}
            help={tier === 'tenant' ? t('approvals.tenantHelp') : undefined}
            problem={problem(tier)}
            value={String(wanted[tier])}
            options={NUMBERS.map((n) => ({ value: String(n), label: t('approvals.people', { count: n }) }))}
            onChange={(value) => setChosen({ ...chosen, [tier]: Number(value) })}
          />
        ))}
    </Dialog>
  );
}
