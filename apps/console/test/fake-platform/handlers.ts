import { type api, type DraftApproval, type ParsedRequestOf, type PolicyStatus, problemOf } from '@hypervigil/contract';
import { type Host, Permission, type Task, type Vm, vmCan } from '@hypervigil/model';
import { accountHandlers } from './account-handlers.ts';
import { addressSetHandlers } from './address-set-handlers.ts';
import { alertHandlers } from './alert-handlers.ts';
import { approvalHandlers } from './approval-handlers.ts';
import { createDataset, type Dataset, type Mode } from './dataset.ts';
import { Refused } from './errors.ts';
import type { EventLog } from './event-log.ts';
import { exporterHandlers } from './exporter-handlers.ts';
import { flowHandlers } from './flow-handlers.ts';
import { flowHealthHandlers } from './flow-health-handlers.ts';
import { flowViewHandlers } from './flow-view-handlers.ts';
import { gatewayHandlers } from './gateway-handlers.ts';
import type { Governor } from './governor.ts';
import { hostFirewallHandlers } from './host-firewall-handlers.ts';
import { lifeCycleHandlers } from './life-cycle-handlers.ts';
import { limitHandlers } from './limit-handlers.ts';
import { uuid } from './make.ts';
import { mirrorHandlers } from './mirror-handlers.ts';
import { notificationHandlers } from './notification-handlers.ts';
import { changesOf, draftMistakes, membersOf, policyHandlers } from './policy-handlers.ts';
import { recordedHandlers } from './recorded-handlers.ts';
import { rulePartHandlers } from './rule-part-handlers.ts';

type Api = typeof api;
/** An endpoint's answer to a request that the contract's schemas have parsed; the server checks the answer likewise. */
export type Handlers = { readonly [K in keyof Api]?: (request: ParsedRequestOf<Api[K]>) => unknown };

export const FIRST_PASSWORD = 'one-time-secret';

export class State {
  readonly data: Dataset;
  readonly events: EventLog;
  password = FIRST_PASSWORD;
  mustChangePassword: boolean;
  /** What whoever is signed in may not do; there is nothing that they may not, unless a test says so. */
  denied: readonly Permission[] = [];
  /** Over somebody who may not everything. */
  governor: Governor | undefined;
  /** What the draft needs; nothing, unless a test says so. */
  approvals: readonly DraftApproval[] = [];
  #next = 1000;
  constructor(mode: Mode, events: EventLog, mustChangePassword: boolean, vms?: number) {
    this.data = createDataset(mode, vms);
    this.events = events;
    this.mustChangePassword = mustChangePassword;
  }
  next = () => ++this.#next;

  /** The groups and networks that a VM or one of its vNICs is in; anything else is its own part. */
  partsOf(id: string): readonly string[] {
    const { vms, groups } = this.data;
    const vm = vms.find((one) => one.id === id || one.vnics.some((vnic) => vnic.id === id));
    if (vm === undefined) return [id];
    const holding = groups.filter((group) => membersOf(groups, group.id, [vm]).length > 0);
    return [...holding.map((group) => group.id), ...vm.vnics.flatMap(({ networkId }) => networkId ?? [])];
  }

  changeVm(id: string, change: Partial<Vm>): Vm {
    const at = this.data.vms.findIndex((vm) => vm.id === id);
    const before = this.data.vms[at];
    if (before === undefined) throw new Refused('not-found', { what: 'vm', id });
    const vm = { ...before, ...change, changedAt: new Date().toISOString() };
    this.data.vms[at] = vm;
    this.events.emit({ kind: 'vm', vm });
    return vm;
  }
  addVm(vm: Vm): void {
    this.data.vms.push(vm);
    this.events.emit({ kind: 'vm', vm });
  }
  changeHost(id: string, change: Partial<Host>): void {
    const host = { ...find(this.data.hosts, id), ...change };
    this.data.hosts = this.data.hosts.map((h) => (h.id === id ? host : h));
    this.events.emit({ kind: 'host', host });
  }
  addTask(kind: Task['kind'], vmId: string | null, hostId: string | null, params: Task['params'] = {}): Task {
    const now = new Date().toISOString();
    const task: Task = {
      id: uuid('task', this.next()),
      kind,
      state: 'running',
      vmId,
      hostId,
      params,
      createdBy: 'admin',
      createdAt: now,
      startedAt: now,
      endedAt: null,
      progress: null,
      error: null,
    };
    this.data.tasks.unshift(task);
    this.events.emit({ kind: 'task', task });
    return task;
  }
  endTask(task: Task): void {
    const done: Task = { ...task, state: 'done', endedAt: new Date().toISOString() };
    this.data.tasks = this.data.tasks.map((t) => (t.id === task.id ? done : t));
    this.events.emit({ kind: 'task', task: done });
  }
  status(): PolicyStatus {
    const { policy, hosts } = this.data;
    return {
      ...policy,
      changes: changesOf(this.data),
      problems: draftMistakes(this.data).map((mistake) => problemOf('en', mistake)),
      approvals: [...this.approvals],
      hosts: hosts.map((host) => ({
        hostId: host.id,
        name: host.name,
        online: host.state === 'online',
        policyRevision: policy.publishedRevision,
        enforced: host.state === 'online' && host.appliedRevision === host.intentRevision,
        error: host.applyError,
      })),
    };
  }
}

export function find<T extends { id: string }>(items: readonly T[], id: string): T {
  const item = items.find((i) => i.id === id);
  if (item === undefined) throw new Refused('not-found', { what: 'task', id });
  return item;
}

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
}
export function page<T>(items: readonly T[], query: Page) {
  const q = query.q?.toLowerCase();
  const all = q === undefined ? items : items.filter((item) => JSON.stringify(item).toLowerCase().includes(q));
  const from = Number(query.cursor ?? 0);
  const to = from + query.limit;
  return { items: all.slice(from, to), total: all.length, next: to < all.length ? String(to) : null };
}

const session = (state: State) => ({
  user: {
    ...{ id: uuid('user', 1), name: 'admin', mustChangePassword: state.mustChangePassword },
    ...{ duty: 'bootstrap', tenantId: null, scope: { groupIds: [], networkIds: [] } },
    ...state.governor?.person,
  },
  rights: state.governor?.rights() ?? {
    may: Permission.options.filter((permission) => !state.denied.includes(permission)),
    mayNot: state.denied.map((permission) => ({ permission, denial: 'provider-only' })),
  },
  expiresAt: new Date(Date.now() + 8 * 3600_000).toISOString(),
});

/** A patch without what it leaves alone. */
const given = <T extends object>(patch: T) =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

type BodyOf<K extends keyof Api> = ParsedRequestOf<Api[K]> extends { readonly body: infer B } ? B : never;
interface Fresh {
  readonly id: string;
  readonly num: number;
  readonly createdAt: string;
}

/** What networks and tenants have in common. */
function crud<T extends { readonly id: string; readonly name: string }, B extends { readonly name: string }>(
  state: State,
  thing: 'network' | 'tenant',
  { read, write, make }: { read: () => T[]; write: (items: T[]) => void; make: (body: B, fresh: Fresh) => T },
) {
  const told = () => state.events.emit({ kind: 'changed', what: `${thing}s` });
  return {
    list: ({ query }: { readonly query: Page }) => page(read(), query),
    get: ({ params }: { readonly params: { readonly id: string } }) => find(read(), params.id),
    create: ({ body }: { readonly body: B }) => {
      if (read().some((item) => item.name === body.name))
        throw new Refused('name-taken', { what: thing, field: 'name' });
      const num = state.next();
      const item = make(body, { id: uuid(thing, num), num, createdAt: new Date().toISOString() });
      write([...read(), item]);
      told();
      return item;
    },
    update: ({ params, body }: { readonly params: { readonly id: string }; readonly body: object }) => {
      const item: T = { ...find(read(), params.id), ...body };
      write(read().map((other) => (other.id === params.id ? item : other)));
      told();
      return item;
    },
    remove: ({ params }: { readonly params: { readonly id: string } }) => {
      const used = state.data.vms.some(
        (vm) => vm.tenantId === params.id || vm.vnics.some((nic) => nic.networkId === params.id),
      );
      if (used) throw new Refused('in-use', { what: thing, by: 'vnic' });
      write(read().filter((item) => item.id !== params.id));
      told();
    },
  };
}

export function createHandlers(state: State): Handlers {
  const { data } = state;
  type Verb = 'start' | 'shutdown' | 'stop' | 'reboot' | 'migrate';
  const act = (verb: Verb, id: string, params: Task['params'], change: Partial<Vm> | undefined) => {
    const vm = find(data.vms, id);
    if (!vmCan(verb, vm.state)) throw new Refused('not-allowed-in-state', { action: verb, state: vm.state });
    const task = state.addTask(`vm.${verb}`, vm.id, vm.hostId, params);
    setTimeout(() => {
      if (change !== undefined) state.changeVm(vm.id, change);
      state.endTask(task);
    }, 300).unref();
    return task;
  };
  const networks = crud(state, 'network', {
    read: () => data.networks,
    write: (items) => {
      data.networks = items;
    },
    make: (body: BodyOf<'createNetwork'>, fresh) => ({ ...fresh, ...body, vms: 0 }),
  });
  const tenants = crud(state, 'tenant', {
    read: () => data.tenants,
    write: (items) => {
      data.tenants = items;
    },
    make: (body: BodyOf<'createTenant'>, fresh) => ({ ...fresh, ...body }),
  });
  return {
    signIn: ({ body }) => {
      if (body.username !== 'admin' || body.password !== state.password) throw new Refused('wrong-credentials', {});
      return session(state);
    },
    getSession: () => session(state),
    signOut: () => undefined,
    changePassword: ({ body }) => {
      if (body.current !== state.password) throw new Refused('wrong-credentials', {});
      state.password = body.next;
      state.mustChangePassword = false;
      return session(state);
    },
    getOverview: () => overviewOf(state),
    listHosts: ({ query }) => page(data.hosts, query),
    getHost: ({ params }) => find(data.hosts, params.id),
    syncHost: ({ params }) => {
      const task = state.addTask('host.sync', null, find(data.hosts, params.id).id);
      setTimeout(() => state.endTask(task), 300).unref();
      return task;
    },
    revokeHost: ({ params }) => {
      state.changeHost(params.id, { state: 'revoked' });
      return undefined;
    },
    createEnrolment: ({ body }) => {
      const n = state.next();
      return {
        id: uuid('enrolment', n),
        hostName: body.hostName,
        createdBy: 'admin',
        createdAt: new Date().toISOString(),
        expiresAt: new Date(Date.now() + body.validSeconds * 1000).toISOString(),
        usedAt: null,
        token: 'hvj_5w8kq2m4x7',
        caFingerprint: 'SHA256:9f:4c:1d:aa:02:77:5e:31:c8:0b:6d:12:f0:94:ab:3e',
        url: 'https://203.0.113.20:7440',
        command:
          'hv engine join https://203.0.113.20:7440 --token hvj_5w8kq2m4x7 --ca-fingerprint SHA256:9f:4c:1d:aa:02:77:5e:31:c8:0b:6d:12:f0:94:ab:3e',
      };
    },
    listEnrolments: ({ query }) => page([], query),
    listVms: ({ query }) => page(data.vms, query),
    getVm: ({ params }) => find(data.vms, params.id),
    updateVm: ({ params, body }) => state.changeVm(params.id, given(body)),
    updateVnic: ({ params, body }) => {
      const vm = data.vms.find((v) => v.vnics.some((nic) => nic.id === params.id));
      if (vm === undefined) throw new Refused('not-found', { what: 'vnic', id: params.id });
      const vnics = vm.vnics.map((nic) =>
        nic.id === params.id ? { ...nic, ...given(body), protection: 'pending' as const } : nic,
      );
      return state.changeVm(vm.id, { vnics }).vnics.find((nic) => nic.id === params.id);
    },
    quarantineVm: ({ params, body }) =>
      state.changeVm(params.id, { quarantine: { ...body, by: 'admin', since: new Date().toISOString() } }),
    releaseVm: ({ params }) => state.changeVm(params.id, { quarantine: null }),
    startVm: ({ params }) => act('start', params.id, {}, { state: 'running' }),
    shutdownVm: ({ params }) => act('shutdown', params.id, {}, { state: 'shutoff' }),
    stopVm: ({ params }) => act('stop', params.id, {}, { state: 'shutoff' }),
    rebootVm: ({ params }) => act('reboot', params.id, {}, undefined),
    migrateVm: ({ params, body }) => act('migrate', params.id, body, { hostId: body.toHostId }),
    listNetworks: networks.list,
    getNetwork: networks.get,
    createNetwork: networks.create,
    updateNetwork: networks.update,
    deleteNetwork: networks.remove,
    listTenants: tenants.list,
    getTenant: tenants.get,
    createTenant: tenants.create,
    updateTenant: tenants.update,
    deleteTenant: tenants.remove,
    ...policyHandlers(state),
    ...addressSetHandlers(),
    ...rulePartHandlers(state),
    ...limitHandlers(state),
    ...recordedHandlers(state),
    ...lifeCycleHandlers(state),
    ...flowHandlers(state),
    ...flowViewHandlers(state),
    ...flowHealthHandlers(state),
    ...hostFirewallHandlers(state),
    ...accountHandlers(state),
    ...approvalHandlers(state),
    ...gatewayHandlers(state),
    ...exporterHandlers(state),
    ...mirrorHandlers(state),
    ...alertHandlers(state),
    ...notificationHandlers(state),
    listTasks: ({ query }) =>
      page(
        data.tasks.filter((t) => (!query.vmId || t.vmId === query.vmId) && (!query.state || t.state === query.state)),
        query,
      ),
    getTask: ({ params }) => find(data.tasks, params.id),
    listAudit: ({ query }) => page(data.audit, query),
    streamEvents: () => undefined,
  };
}

function overviewOf(state: State) {
  const { data } = state;
  const vnics = data.vms.flatMap((vm) => vm.vnics);
  const enforced = vnics.filter((nic) => nic.protection === 'enforced').length;
  const open = vnics.filter((nic) => nic.protection.startsWith('no')).length;
  const changes = changesOf(data);
  const changed = changes.added + changes.changed + changes.removed;
  const offline = data.hosts.filter((host) => host.state === 'offline');
  return {
    hosts: { total: data.hosts.length, online: data.hosts.length - offline.length },
    vms: { total: data.vms.length, running: data.vms.filter((vm) => vm.state === 'running').length },
    vnics: { total: vnics.length, enforced },
    tenants: data.tenants.length,
    networks: data.networks.length,
    policy: {
      revision: data.policy.publishedRevision,
      hostsEnforcing: data.hosts.length - offline.length,
      rules: data.published.reduce((sum, policy) => sum + policy.rules.length, 0),
    },
    lastHour: {
      allowed: data.flows.filter((flow) => flow.verdict === 'allow').length,
      denied: data.flows.filter((flow) => flow.verdict === 'deny').length,
      bytes: data.flows.reduce((sum, flow) => sum + flow.bytes + flow.replyBytes, 0),
    },
    advice: [
      ...(data.hosts.length === 0 ? [{ code: 'no-hosts', severity: 'high', params: {} }] : []),
      ...offline.map((host) => ({ code: 'host-offline', severity: 'high', params: { host: host.name } })),
      ...(open > 0 ? [{ code: 'unprotected-vnics', severity: 'high', params: { count: open } }] : []),
      ...(changed > 0 ? [{ code: 'draft-unpublished', severity: 'low', params: {} }] : []),
    ],
  };
}
