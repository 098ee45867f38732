import type { ComponentType } from 'react';
import {
  AuditIcon,
  FlowsIcon,
  GroupIcon,
  HostIcon,
  MapIcon,
  NetworkIcon,
  PolicyIcon,
  PostureIcon,
  TaskIcon,
  TenantIcon,
  VmIcon,
} from '../ui/icons.tsx';

export interface Screen {
  readonly path: string;
  readonly name:
    | 'posture'
    | 'hosts'
    | 'vms'
    | 'networks'
    | 'tenants'
    | 'map'
    | 'flows'
    | 'policy'
    | 'groups'
    | 'tasks'
    | 'audit';
  readonly icon: ComponentType;
  /** `g` and this letter go there. */
  readonly key: string;
}
export interface ScreenGroup {
  readonly name: 'overview' | 'inventory' | 'network' | 'trust' | 'work';
  readonly screens: readonly Screen[];
}

/** The navigation: one screen for one question (see each page's subtitle). */
export const SCREEN_GROUPS: readonly ScreenGroup[] = [
  { name: 'overview', screens: [{ path: '/', name: 'posture', icon: PostureIcon, key: 'o' }] },
  {
    name: 'inventory',
    screens: [
      { path: '/hosts', name: 'hosts', icon: HostIcon, key: 'h' },
      { path: '/vms', name: 'vms', icon: VmIcon, key: 'v' },
      { path: '/networks', name: 'networks', icon: NetworkIcon, key: 'n' },
      { path: '/tenants', name: 'tenants', icon: TenantIcon, key: 't' },
    ],
  },
  {
    name: 'network',
    screens: [
      { path: '/map', name: 'map', icon: MapIcon, key: 'm' },
      { path: '/flows', name: 'flows', icon: FlowsIcon, key: 'f' },
      { path: '/policy', name: 'policy', icon: PolicyIcon, key: 'p' },
      { path: '/groups', name: 'groups', icon: GroupIcon, key: 's' },
    ],
  },
  { name: 'trust', screens: [{ path: '/audit', name: 'audit', icon: AuditIcon, key: 'a' }] },
  { name: 'work', screens: [{ path: '/tasks', name: 'tasks', icon: TaskIcon, key: 'w' }] },
];
export const SCREENS: readonly Screen[] = SCREEN_GROUPS.flatMap((group) => group.screens);
