import type { Importer } from './importer.ts';
import { importIptables } from './iptables.ts';
import { importKubernetes } from './kubernetes.ts';
import { importOpenstack } from './openstack.ts';
import { importProxmox } from './proxmox.ts';

/** What policy can be brought from. */
export const IMPORTERS = {
  iptables: importIptables,
  kubernetes: importKubernetes,
  openstack: importOpenstack,
  proxmox: importProxmox,
} as const satisfies Readonly<Record<string, Importer>>;
export type Source = keyof typeof IMPORTERS;
