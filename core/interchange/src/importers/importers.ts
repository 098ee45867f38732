import type { Importer } from './importer.ts';
import { importIptables } from './iptables.ts';
import { importKubernetes } from './kubernetes.ts';
import { importNwfilter } from './nwfilter.ts';
import { importOpenstack } from './openstack.ts';
import { importProxmox } from './proxmox.ts';

/** What policy can be brought from. */
export const IMPORTERS = {
  iptables: importIptables,
  kubernetes: importKubernetes,
  nwfilter: importNwfilter,
  openstack: importOpenstack,
  proxmox: importProxmox,
} as const satisfies Readonly<Record<string, Importer>>;
export type Source = keyof typeof IMPORTERS;
