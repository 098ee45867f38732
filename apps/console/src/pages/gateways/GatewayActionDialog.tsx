import type { Gateway } from '@hypervigil/model';
import { useTranslation } from 'react-i18next';
import { platform } from '../../data/client.ts';
import { useSave } from '../../data/use-save.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';

export type GatewayVerb = 'restart' | 'replace' | 'drain' | 'undrain';

function act(verb: GatewayVerb, id: string): Promise<Gateway> {
  switch (verb) {
    case 'restart':
      return platform.restartGateway({ params: { id } });
    case 'replace':
      return platform.replaceGateway({ params: { id } });
    case 'drain':
    case 'undrain':
      return platform.drainGateway({ params: { id }, body: { drain: verb === 'drain' } });
  }
}

interface Props {
  readonly gateway: Gateway;
  readonly verb: GatewayVerb;
  readonly onClose: () => void;
}

/** Says what becomes of a gateway's connections before it is touched. */
export function GatewayActionDialog({ gateway, verb, onClose }: Props) {
  const { t } = useTranslation();
  const toasts = useToasts();
  const named = { num: gateway.num, host: gateway.hostName };
  const action = useSave(
    'gateways',
    () => act(verb, gateway.id),
    () => {
      toasts.done(t(`gateways.asked.${verb}`, named));
      onClose();
    },
  );
  return (
    <Dialog
      danger={verb !== 'undrain'}
      title={t(`gateways.asks.${verb}`, named)}
      help={t(`gateways.affects.${verb}`, { count: gateway.report?.connections ?? 0 })}
      submit={t(`gateways.verbs.${verb}`)}
      busy={action.isPending}
      error={action.error}
      onClose={onClose}
      onSubmit={() => action.mutate()}
    />
  );
}
