import type { Permission } from '@hypervigil/model';
import type { ComponentType } from 'react';
import {
  AddressSetIcon,
  AlertIcon,
  AssertionIcon,
  AuditIcon,
  ExporterIcon,
  FlowsIcon,
  GatewayIcon,
  GroupIcon,
  HostFirewallIcon,
  HostIcon,
  IncidentIcon,
  LimitIcon,
  MapIcon,
  MatrixIcon,
  MirrorIcon,
  NamesIcon,
  NetworkIcon,
  NotificationIcon,
  PeopleIcon,
  PlayIcon,
  PolicyIcon,
  PostureIcon,
  ReachIcon,
  RecommendIcon,
  ScheduleIcon,
  ServiceIcon,
  TaskIcon,
  TenantIcon,
  VmIcon,
} from '../ui/icons.tsx';

interface Place {
  readonly path: string;
  /** Of its word: `nav.NAME`. */
  readonly name: string;
  readonly icon: ComponentType;
  /** What it takes to see anything there; without it, nothing special. */
  readonly permission?: Permission;
  /** `g` and this letter go there; only where people go often, for letters are few. */
  readonly key?: string;
}
interface PlaceGroup {
  readonly name: string;
  readonly screens: readonly Place[];
}

/**
 * The navigation, in groups of one thought each: what there is · who talks to whom · what may · what protects (gateways, the
 * hosts' firewalls) · who did what · what is being done. One screen answers one question (see its subtitle).
 */
export const SCREEN_GROUPS = [
  {
    name: 'overview',
    screens: [
      { path: '/', name: 'posture', icon: PostureIcon, key: 'o' },
      { path: '/alerts', permission: 'alert:read', name: 'alerts', icon: AlertIcon, key: 'e' },
      { path: '/incidents', permission: 'alert:read', name: 'incidents', icon: IncidentIcon, key: 'c' },
      { path: '/playbooks', permission: 'playbook:read', name: 'playbooks', icon: PlayIcon },
      { path: '/notifications', permission: 'notification:read', name: 'notifications', icon: NotificationIcon },
    ],
  },
  {
    name: 'inventory',
    screens: [
      { path: '/hosts', permission: 'host:read', name: 'hosts', icon: HostIcon, key: 'h' },
      { path: '/vms', name: 'vms', icon: VmIcon, key: 'v' },
      { path: '/networks', name: 'networks', icon: NetworkIcon, key: 'n' },
      { path: '/tenants', name: 'tenants', icon: TenantIcon, key: 't' },
    ],
  },
  {
    name: 'traffic',
    screens: [
      { path: '/map', name: 'map', icon: MapIcon, key: 'm' },
      { path: '/flows', name: 'flows', icon: FlowsIcon, key: 'f' },
      { path: '/names', permission: 'flow:read', name: 'names', icon: NamesIcon },
      { path: '/exporters', permission: 'exporter:read', name: 'exporters', icon: ExporterIcon },
    ],
  },
  {
    name: 'policy',
    screens: [
      { path: '/policy', name: 'rules', icon: PolicyIcon, key: 'p' },
      { path: '/groups', name: 'groups', icon: GroupIcon, key: 's' },
      { path: '/reach', permission: 'policy:analyse', name: 'reach', icon: ReachIcon, key: 'y' },
      { path: '/matrix', permission: 'policy:analyse', name: 'matrix', icon: MatrixIcon, key: 'x' },
      { path: '/address-sets', name: 'addressSets', icon: AddressSetIcon },
      { path: '/services', name: 'services', icon: ServiceIcon },
      { path: '/schedules', name: 'schedules', icon: ScheduleIcon },
      { path: '/assertions', permission: 'assertion:read', name: 'assertions', icon: AssertionIcon },
      {
        path: '/recommendations',
        permission: 'policy:analyse',
        name: 'recommendations',
        icon: RecommendIcon,
        key: 'r',
      },
    ],
  },
  {
    name: 'protection',
    screens: [
      { path: '/gateways', permission: 'gateway:read', name: 'gateways', icon: GatewayIcon, key: 'i' },
      { path: '/limits', permission: 'limit:read', name: 'limits', icon: LimitIcon },
      { path: '/mirrors', permission: 'mirror:read', name: 'mirrors', icon: MirrorIcon },
      { path: '/host-firewalls', permission: 'host:read', name: 'hostFirewalls', icon: HostFirewallIcon, key: 'l' },
    ],
  },
  {
    name: 'trust',
    screens: [
      { path: '/people', permission: 'account:read', name: 'people', icon: PeopleIcon },
      { path: '/audit', permission: 'audit:read', name: 'audit', icon: AuditIcon, key: 'a' },
    ],
  },
  { name: 'work', screens: [{ path: '/tasks', name: 'tasks', icon: TaskIcon, key: 'w' }] },
] as const satisfies readonly PlaceGroup[];

export type ScreenGroup = (typeof SCREEN_GROUPS)[number];
type ScreenName = ScreenGroup['screens'][number]['name'];
export type Screen = Place & { readonly name: ScreenName };
export const SCREENS: readonly Screen[] = SCREEN_GROUPS.flatMap((group): readonly Screen[] => group.screens);

/** Pages that are reached from another page, and take more than it does. */
const WITHIN: readonly Pick<Screen, 'path' | 'permission'>[] = [
  { path: '/policy/simulation', permission: 'policy:analyse' },
  { path: '/policy/observation', permission: 'policy:analyse' },
  { path: '/flows/health', permission: 'host:read' },
];

/** What it takes to see anything at an address. */
export function permissionAt(pathname: string): Permission | undefined {
  const isAt = ({ path }: Pick<Screen, 'path'>) => pathname === path || pathname.startsWith(`${path}/`);
  return [...WITHIN, ...SCREENS].find(isAt)?.permission;
}
