import type { Authorizer } from '@hypervigil/authz';
import type { api } from '@hypervigil/contract';
import type { FlowStore } from '@hypervigil/flowstore';
import type { Alert, Id } from '@hypervigil/model';
import { cutAlert, cutCapture, cutLimits, cutList, cutMirror, cutTask, cutVm, isProviders } from './access/cut.ts';
import type { Analyst } from './analysis/analyst.ts';
import * as assertions from './assertions/assertions.ts';
import type { Authority } from './ca/authority.ts';
import * as alerts from './detect/alerts.ts';
import { listDetectors } from './detect/detectors.ts';
import * as exceptions from './detect/exceptions.ts';
import { cutEvents } from './events/cut.ts';
import type { EventStreams } from './events/stream.ts';
import { flowsCsv, namesCsv } from './flows/csv.ts';
import { flowsJson, flowsParquet } from './flows/files.ts';
import { eachName, listNames } from './flows/names.ts';
import * as flows from './flows/queries.ts';
import { flowQuestion } from './flows/question.ts';
import { flowReader } from './flows/reader.ts';
import { topFlows } from './flows/top.ts';
import * as gateways from './gateways/gateways.ts';
import * as gatewayGroups from './gateways/groups.ts';
import { RECOGNISABLE } from './gateways/recognition.ts';
import * as firewalls from './host-firewall/firewalls.ts';
import * as enrolment from './hosts/enrolment.ts';
import { listEnrolments } from './hosts/enrolments-list.ts';
import * as hosts from './hosts/hosts.ts';
import type { Handlers } from './http/implement.ts';
import type { Accounts } from './identity/accounts.ts';
import { type Identity, type Person, sessionOf } from './identity/identity.ts';
import type { Throttle } from './identity/throttle.ts';
import type { ClaimSettings } from './inventory/claims.ts';
import { quarantineVm, releaseVm } from './inventory/quarantine.ts';
import * as vms from './inventory/vms.ts';
import { updateVnic } from './inventory/vnics.ts';
import { listNetworkDrops, listRuleDrops } from './limits/drops.ts';
import * as limits from './limits/limits.ts';
import { getVmLimits, listDrops } from './limits/vm-limits.ts';
import * as captures from './mirrors/captures.ts';
import * as mirrors from './mirrors/mirrors.ts';
import type { CaptureReader } from './mirrors/read.ts';
import * as networks from './networks/networks.ts';
import * as tenants from './networks/tenants.ts';
import type { Delivering } from './notification/deliver.ts';
import { listDeliveries } from './notification/deliveries.ts';
import * as routes from './notification/routes.ts';
import { testRoute } from './notification/test-route.ts';
import { listAudit } from './overview/audit.ts';
import { tenantOverview } from './overview/of-tenant.ts';
import { getOverview } from './overview/overview.ts';
import * as addressSets from './policy/address-sets.ts';
import { approvalSettings, approveDraft, setApprovalSettings, withdrawApproval } from './policy/approvals.ts';
import * as draft from './policy/draft.ts';
import { draftChanges } from './policy/draft-changes.ts';
import { editRules } from './policy/edit-rules.ts';
import * as groups from './policy/groups.ts';
import { movePolicy } from './policy/move-policy.ts';
import { moveRule } from './policy/move-rule.ts';
import * as namedServices from './policy/named-services.ts';
import { publishProgress } from './policy/progress.ts';
import { listRevisions, policyStatus, publish } from './policy/publish.ts';
import { restoreRevision } from './policy/restore.ts';
import { rollBack } from './policy/roll-back.ts';
import * as schedules from './policy/schedules.ts';
import { policiesSeenBy, policySeenBy } from './policy/seen.ts';
import { applyRecommendation } from './recorded/apply.ts';
import { listRuleHits } from './recorded/hits.ts';
import { observePolicy } from './recorded/observation.ts';
import { recordingOf } from './recorded/recommendation.ts';
import { talksIn } from './recorded/talks.ts';
import { recordedUse } from './recorded/unused.ts';
import { lastDays } from './recorded/window.ts';
import type { Database } from './state/database.ts';
import type { ListOf } from './state/paging.ts';
import * as tasks from './tasks/tasks.ts';
import { type RefreshDeps, refreshThreatSet, uploadThreatSet } from './threat-sets/refresh.ts';
import * as threatSets from './threat-sets/threat-sets.ts';

export interface HandlerDeps {
  readonly db: Database;
  readonly identity: Identity;
  readonly accounts: Accounts;
  readonly authorizer: Authorizer;
  readonly throttle: Throttle;
  readonly authority: Authority;
  readonly certificateDays: number;
  readonly claims: ClaimSettings;
  /** The address that engines are told; known once the platform listens. */
  publicUrl(): string;
  readonly flows: FlowStore;
  readonly streams: EventStreams;
  readonly analyst: Analyst;
  readonly feeds: RefreshDeps;
  readonly notification: Delivering & routes.RouteDeps;
  readonly captures: CaptureReader;
}

/** Every operation of the API, each a line or two to where it is done. */
export function createHandlers(deps: HandlerDeps): Handlers<typeof api> {
  const { db, identity, accounts, authority, streams, analyst } = deps;
  return {
    async signIn({ body, call }) {
      const { source, actor } = call;
      const { token, person } = await identity.signIn({ ...body, source, requestId: actor.requestId });
      call.setToken(token, person.expiresAt);
      return sessionOf(person, deps.authorizer.rights(person));
    },
    getSession: ({ person, access }) => sessionOf(person, access.rights()),
    async signOut({ call }) {
      if (call.token !== undefined) await identity.signOut(call.token);
      call.clearToken();
      return undefined;
    },
    async changePassword({ person, body, call }) {
      const { source, actor, token = '' } = call;
      const changed = await identity.changePassword(person, token, body, { ...actor, source });
      return sessionOf(changed, deps.authorizer.rights(changed));
    },

    listAccounts: ({ query, access }) => accounts.list(access, query),
    getAccount: ({ params }) => accounts.get(params.id),
    createAccount: ({ body, call }) => accounts.create(call.actor, body),
    updateAccount: ({ params, body, call }) => accounts.update(call.actor, params.id, body),
    resetPassword: ({ params, call }) => accounts.resetPassword(call.actor, params.id),

    getOverview: ({ access }) =>
      isProviders(access) ? getOverview(db, deps.flows) : tenantOverview(db, deps.flows, access),

    listHosts: ({ query }) => hosts.listHosts(db, query),
    getHost: ({ params }) => hosts.getHost(db, params.id),
    syncHost: ({ params, call }) => tasks.syncHost(db, call.actor, params.id),
    async revokeHost({ params, call }) {
      await hosts.revokeHost(db, call.actor, params.id, deps.claims);
      return undefined;
    },
    listHostFirewalls: ({ query }) => firewalls.listHostFirewalls(db, query),
    getHostFirewall: ({ params }) => firewalls.getHostFirewall(db, params.id),
    updateHostFirewall: ({ params, body, call }) => firewalls.setHostFirewall(db, call.actor, params.id, body),
    inheritHostFirewall: ({ params, body, call }) =>
      firewalls.inheritHostFirewall(db, call.actor, params.id, body.revision),
    confirmHostFirewall: ({ params, body, call }) =>
      firewalls.confirmHostFirewall(db, call.actor, params.id, body.revision),
    getHostFirewallDefault: () => firewalls.getDefault(db),
    updateHostFirewallDefault: ({ body, call }) => firewalls.setDefault(db, call.actor, body),
    confirmHostFirewallDefault: ({ body, call }) => firewalls.confirmDefault(db, call.actor, body.revision),
    listGatewayGroups: ({ query, access }) =>
      gatewayGroups.listGatewayGroups(db, query, access.owned('gateway-group:read', 'tenant_id')),
    getGatewayGroup: ({ params }) => gatewayGroups.getGatewayGroup(db, params.id),
    createGatewayGroup: ({ body, call }) => gatewayGroups.createGatewayGroup(db, call.actor, body),
    updateGatewayGroup: ({ params, body, call }) => gatewayGroups.updateGatewayGroup(db, call.actor, params.id, body),
    upgradeGatewayGroup: ({ params, call }) => gatewayGroups.upgradeGatewayGroup(db, call.actor, params.id),
    async deleteGatewayGroup({ params, call }) {
      await gatewayGroups.deleteGatewayGroup(db, call.actor, params.id);
      return undefined;
    },
    listRecognisable: async () => ({ items: RECOGNISABLE }),
    listGateways: () => gateways.listGateways(db),
    getGateway: ({ params }) => gateways.getGateway(db, params.id),
    restartGateway: ({ params, call }) => gateways.restartGateway(db, call.actor, params.id),
    replaceGateway: ({ params, call }) => gateways.replaceGateway(db, call.actor, params.id),
    drainGateway: ({ params, body, call }) => gateways.drainGateway(db, call.actor, params.id, body.drain),
    listMirrors: async ({ query, access }) =>
      cutList(
        cutMirror(access),
        await mirrors.listMirrors(db, query, access.owned('mirror:read', 'mirrors.tenant_id')),
      ),
    getMirror: async ({ params, access }) => cutMirror(access)(await mirrors.getMirror(db, params.id)),
    createMirror: async ({ body, call, access }) => cutMirror(access)(await mirrors.createMirror(db, call.actor, body)),
    updateMirror: async ({ params, body, call, access }) =>
      cutMirror(access)(await mirrors.updateMirror(db, call.actor, params.id, body)),
    async deleteMirror({ params, call }) {
      await mirrors.deleteMirror(db, call.actor, params.id);
      return undefined;
    },
    startCapture: async ({ params, body, call, access }) =>
      cutCapture(access)(await captures.startCapture(db, call.actor, params.id, body)),
    listCaptures: async ({ query, access }) =>
      cutList(
        cutCapture(access),
        await captures.listCaptures(db, query.mirrorId, access.owned('capture:list', 'mirrors.tenant_id')),
      ),
    getCapture: async ({ params, access }) => cutCapture(access)(await captures.getCapture(db, params.id)),
    stopCapture: async ({ params, call, access }) =>
      cutCapture(access)(await captures.stopCapture(db, call.actor, params.id)),
    async deleteCapture({ params, call }) {
      await captures.deleteCapture(db, call.actor, params.id);
      return undefined;
    },
    readCapture: ({ params, query, call }) => deps.captures.read(call.actor, params, query.offset),
    async createEnrolment({ body, call }) {
      const created = await enrolment.createEnrolment(db, call.actor, body);
      const url = deps.publicUrl();
      const command = `hv engine join --platform ${url} --ca-fingerprint ${authority.fingerprint} --token ${created.token}`;
      return { ...created.enrolment, token: created.token, caFingerprint: authority.fingerprint, url, command };
    },
    listEnrolments: ({ query }) => listEnrolments(db, query),
    async enrol({ body, call }) {
      const joined = await enrolment.enrol(deps, body, { ...call.actor, source: call.source });
      return { ...joined, ca: authority.pem };
    },
    async renewCertificate({ engine, body, call }) {
      const certificate = await enrolment.renew(deps, engine.hostId, body.csr, call.actor);
      return { certificate, ca: authority.pem };
    },

    listVms: async ({ query, access }) =>
      cutList(cutVm(access), await vms.listVms(db, query, await access.vms('vm:read', 'vms.id', 'vms.tenant_id'))),
    getVm: async ({ params, access }) => cutVm(access)(await vms.getVm(db, params.id)),
    updateVm: ({ params, body, call }) => vms.updateVm(db, call.actor, params.id, body),
    quarantineVm: ({ params, body, call }) => quarantineVm(db, call.actor, params.id, body.reason),
    releaseVm: ({ params, body, call }) => releaseVm(db, call.actor, params.id, body.reason),
    updateVnic: ({ params, body, call }) => updateVnic(db, call.actor, params.id, body),
    startVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'start', params.id)),
    shutdownVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'shutdown', params.id)),
    stopVm: async ({ params, call, access }) => cutTask(access)(await tasks.actOnVm(db, call.actor, 'stop', params.id)),
    rebootVm: async ({ params, call, access }) =>
      cutTask(access)(await tasks.actOnVm(db, call.actor, 'reboot', params.id)),
    migrateVm: ({ params, body, call }) => tasks.actOnVm(db, call.actor, 'migrate', params.id, body.toHostId),

    listNetworks: async ({ query, access }) =>
      networks.listNetworks(db, query, {
        networks: access.owned('network:read', 'networks.tenant_id', 'networks.id'),
        vms: await access.vms('vm:read', 'vms.id', 'vms.tenant_id'),
      }),
    getNetwork: async ({ params, access }) =>
      networks.getNetwork(db, params.id, await access.vms('vm:read', 'vms.id', 'vms.tenant_id')),
    createNetwork: ({ body, call }) => networks.createNetwork(db, call.actor, body, deps.claims),
    updateNetwork: ({ params, body, call }) => networks.updateNetwork(db, call.actor, params.id, body, deps.claims),
    async deleteNetwork({ params, call }) {
      await networks.deleteNetwork(db, call.actor, params.id);
      return undefined;
    },

    listTenants: ({ query, access }) => tenants.listTenants(db, query, access.owned('tenant:read', 'tenants.id')),
    getTenant: ({ params }) => tenants.getTenant(db, params.id),
    createTenant: ({ body, call }) => tenants.createTenant(db, call.actor, body, deps.claims),
    updateTenant: ({ params, body, call }) => tenants.updateTenant(db, call.actor, params.id, body, deps.claims),
    async deleteTenant({ params, call }) {
      await tenants.deleteTenant(db, call.actor, params.id);
      return undefined;
    },

    listGroups: ({ query, access }) =>
      groups.listGroups(db, query, access.owned('group:read', 'groups.tenant_id', 'groups.id')),
    getGroup: ({ params }) => groups.getGroup(db, params.id),
    createGroup: ({ body, call }) => groups.createGroup(db, call.actor, body),
    updateGroup: ({ params, body, call }) => groups.updateGroup(db, call.actor, params.id, body),
    async deleteGroup({ params, call }) {
      await groups.deleteGroup(db, call.actor, params.id);
      return undefined;
    },

    listAddressSets: ({ query, access }) =>
      addressSets.listAddressSets(db, query, access.owned('address-set:read', 'tenant_id')),
    getAddressSet: ({ params }) => addressSets.getAddressSet(db, params.id),
    listAddressSetEntries: ({ params, query }) => addressSets.listEntries(db, params.id, query),
    createAddressSet: ({ body, call }) => addressSets.createAddressSet(db, call.actor, body),
    updateAddressSet: ({ params, body, call }) => addressSets.updateAddressSet(db, call.actor, params.id, body),
    async deleteAddressSet({ params, call }) {
      await addressSets.deleteAddressSet(db, call.actor, params.id);
      return undefined;
    },

    listSchedules: ({ query }) => schedules.listSchedules(db, query),
    getSchedule: ({ params }) => schedules.getSchedule(db, params.id),
    createSchedule: ({ body, call }) => schedules.createSchedule(db, call.actor, body),
    updateSchedule: ({ params, body, call }) => schedules.updateSchedule(db, call.actor, params.id, body),
    async deleteSchedule({ params, call }) {
      await schedules.deleteSchedule(db, call.actor, params.id);
      return undefined;
    },

    listLimits: ({ query }) => limits.listLimits(db, query),
    getLimit: ({ params }) => limits.getLimit(db, params.id),
    createLimit: ({ body, call }) => limits.createLimit(db, call.actor, body),
    updateLimit: ({ params, body, call }) => limits.updateLimit(db, call.actor, params.id, body),
    async deleteLimit({ params, call }) {
      await limits.deleteLimit(db, call.actor, params.id);
      return undefined;
    },
    listLimitDrops: async () => ({ items: await listDrops(db) }),
    listNetworkLimitDrops: async () => ({ items: await listNetworkDrops(db) }),
    listRuleLimitDrops: async () => ({ items: await listRuleDrops(db) }),
    getVmLimits: async ({ params, access }) => cutLimits(access)(await getVmLimits(db, params.id)),
    listNamedServices: ({ query }) => namedServices.listNamedServices(db, query),
    getNamedService: ({ params }) => namedServices.getNamedService(db, params.id),
    createNamedService: ({ body, call }) => namedServices.createNamedService(db, call.actor, body),
    updateNamedService: ({ params, body, call }) => namedServices.updateNamedService(db, call.actor, params.id, body),
    async deleteNamedService({ params, call }) {
      await namedServices.deleteNamedService(db, call.actor, params.id);
      return undefined;
    },

    listThreatSets: ({ query, access }) =>
      threatSets.listThreatSets(db, query, access.owned('address-set:read', 'tenant_id')),
    getThreatSet: ({ params }) => threatSets.getThreatSet(db, params.id),
    createThreatSet: ({ body, call }) => threatSets.createThreatSet(db, call.actor, body),
    updateThreatSet: ({ params, body, call }) => threatSets.updateThreatSet(db, call.actor, params.id, body),
    refreshThreatSet: ({ params, call }) => refreshThreatSet(deps.feeds, call.actor, params.id),
    uploadThreatSet: ({ params, body, call }) => uploadThreatSet(db, call.actor, params.id, body),
    async deleteThreatSet({ params, call }) {
      await threatSets.deleteThreatSet(db, call.actor, params.id);
      return undefined;
    },

    listPolicies: async ({ query, access }) => draft.listPolicies(await policiesSeenBy(db, access), query),
    getPolicy: ({ params, access }) => policySeenBy(db, access, params.id),
    createPolicy: ({ body, call }) => draft.createPolicy(db, call.actor, body),
    updatePolicy: ({ params, body, call }) => draft.updatePolicy(db, call.actor, params.id, body),
    async deletePolicy({ params, call }) {
      await draft.deletePolicy(db, call.actor, params.id);
      return undefined;
    },
    movePolicy: ({ params, body, call, access }) => movePolicy(db, call.actor, access, params.id, body.before),
    moveRule: ({ params, body, call }) => moveRule(db, call.actor, params.id, body),
    editRules: ({ params, body, call }) => editRules(db, call.actor, params.id, body),
    listDraftChanges: ({ body, access }) => draftChanges(db, access, body.have),
    getPolicyStatus: ({ call, access }) => policyStatus(db, call.language, access),
    async publishPolicy({ body, call, person, access }) {
      await publish(db, analyst, call.actor, body, person.tenantId);
      return policyStatus(db, call.language, access);
    },
    async approvePolicy({ body, call, person, access }) {
      await approveDraft(db, call.actor, { ...body, tenantId: partOf(person, body) });
      return policyStatus(db, call.language, access);
    },
    async withdrawApproval({ body, call, person, access }) {
      await withdrawApproval(db, call.actor, { ...body, tenantId: partOf(person, body) });
      return policyStatus(db, call.language, access);
    },
    getApprovalSettings: () => approvalSettings(db),
    updateApprovalSettings: ({ body, call }) => setApprovalSettings(db, call.actor, body),
    async discardDraft({ call, person, access }) {
      await draft.discardDraft(db, call.actor, person.tenantId);
      return policyStatus(db, call.language, access);
    },
    comparePolicies: ({ query, call }) => analyst.run('comparePolicies', query, call.signal),
    async restorePolicy({ body, call, access }) {
      const skipped = await restoreRevision(db, call.actor, body);
      return { ...(await policyStatus(db, call.language, access)), skipped };
    },
    async rollBackPolicy({ body, call, access }) {
      const skipped = await rollBack(db, analyst, call.actor, body, call.language);
      return { ...(await policyStatus(db, call.language, access)), skipped };
    },
    getPublishProgress: ({ query }) => publishProgress(db, query.revision),
    observePolicy: ({ query }) => observePolicy(deps, query),
    listRevisions: ({ query, person }) => listRevisions(db, query, person.tenantId),
    listRuleHits: ({ query }) => listRuleHits(deps, query),
    async recommendPolicy({ query, call }) {
      return analyst.run('recommendPolicy', await recordingOf(deps, query), call.signal);
    },
    async applyRecommendation({ body, call }) {
      const found = await analyst.run('recommendPolicy', await recordingOf(deps, body), call.signal);
      return applyRecommendation(db, call.actor, found, call.language);
    },
    async simulatePolicy({ query, call }) {
      const recording = await talksIn(deps.flows, lastDays(query.days));
      return analyst.run('simulatePolicy', { recording, limit: query.limit }, call.signal);
    },
    async analysePolicy({ query, call }) {
      const recorded = await recordedUse(deps.flows, query.days);
      return analyst.run('analysePolicy', { ...query, recorded }, call.signal);
    },
    reachPolicy: ({ query, call }) => analyst.run('reachPolicy', query, call.signal),
    policyMatrix: ({ query, call }) => analyst.run('policyMatrix', query, call.signal),

    listAssertions: ({ query }) => assertions.listAssertions(db, query),
    getAssertion: ({ params }) => assertions.getAssertion(db, params.id),
    createAssertion: ({ body, call }) => assertions.createAssertion(db, call.actor, body),
    updateAssertion: ({ params, body, call }) => assertions.updateAssertion(db, call.actor, params.id, body),
    async deleteAssertion({ params, call }) {
      await assertions.deleteAssertion(db, call.actor, params.id);
      return undefined;
    },
    checkAssertions: ({ query, call }) => analyst.run('checkAssertions', query, call.signal),

    listFlows: async ({ query, access }) => flows.listFlows(deps.flows, await flowQuestion(db, access, query), query),
    exportFlows: async ({ query, access }) =>
      flowsCsv(await flows.eachFlow(deps.flows, await flowQuestion(db, access, query))),
    exportFlowsJson: async ({ query, access }) =>
      flowsJson(await flows.eachFlow(deps.flows, await flowQuestion(db, access, query))),
    exportFlowsParquet: async ({ query, access }) =>
      flowsParquet(await flows.eachFlow(deps.flows, await flowQuestion(db, access, query))),
    topFlows: async ({ query, access }) =>
      topFlows(deps.flows, db, access, await flowQuestion(db, access, query), query),
    listEdges: async ({ query, access }) =>
      flows.listEdges(deps.flows, await flowQuestion(db, access, query), query.limit),
    flowSeries: async ({ query, access }) =>
      flows.flowSeries(deps.flows, await flowQuestion(db, access, query), query.buckets),
    listNames: async ({ query, access }) => listNames(deps.flows, query, await flowReader(db, access, query.vmId)),
    exportNames: async ({ query, access }) =>
      namesCsv(await eachName(deps.flows, query, await flowReader(db, access, query.vmId))),

    listAlerts: async ({ query, access }) =>
      cutList<Alert, ListOf<Alert>>(
        cutAlert(access),
        await alerts.listAlerts(db, query, await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id')),
      ),
    getAlert: async ({ params, access }) => cutAlert(access)(await alerts.getAlert(db, params.id)),
    triageAlert: async ({ params, call, access }) =>
      cutAlert(access)(await alerts.triageAlert(db, call.actor, params.id)),
    startAlert: async ({ params, call, access }) =>
      cutAlert(access)(await alerts.startAlert(db, call.actor, params.id)),
    closeAlert: async ({ params, body, call, access }) =>
      cutAlert(access)(await alerts.closeAlert(db, call.actor, params.id, body)),
    assignAlert: async ({ params, body, call, access, person }) =>
      cutAlert(access)(await alerts.assignAlert(db, call.actor, person, params.id, body.assignee)),
    commentAlert: async ({ params, body, call, access }) =>
      cutAlert(access)(await alerts.commentAlert(db, call.actor, params.id, body.text)),

    listAlertExceptions: async ({ query, access }) =>
      exceptions.listExceptions(
        db,
        query,
        await access.vms('alert:read', 'alert_exceptions.vm_id', 'alert_exceptions.tenant_id'),
      ),
    async deleteAlertException({ params, call }) {
      await exceptions.deleteException(db, call.actor, params.id);
      return undefined;
    },
    listDetectors: async ({ access }) =>
      listDetectors(db, {
        alerts: await access.vms('alert:read', 'alerts.vm_id', 'alerts.tenant_id'),
        exceptions: await access.vms('alert:read', 'alert_exceptions.vm_id', 'alert_exceptions.tenant_id'),
      }),
    listNotificationRoutes: ({ query, access }) =>
      routes.listRoutes(db, query, access.owned('notification:read', 'tenant_id')),
    getNotificationRoute: ({ params }) => routes.getRoute(db, params.id),
    createNotificationRoute: ({ body, call }) => routes.createRoute(deps.notification, call.actor, body),
    updateNotificationRoute: ({ params, body, call }) =>
      routes.updateRoute(deps.notification, call.actor, params.id, body),
    async deleteNotificationRoute({ params, call }) {
      await routes.deleteRoute(db, call.actor, params.id);
      return undefined;
    },
    testNotificationRoute: ({ params, call }) => testRoute(deps.notification, call.actor, params.id),
    listNotificationDeliveries: ({ query, access }) =>
      listDeliveries(db, query, access.owned('notification:read', 'r.tenant_id')),

    listTasks: async ({ query, access }) =>
      cutList(
        cutTask(access),
        await tasks.listTasks(
          db,
          query,
          isProviders(access) ? null : await access.vms('task:read', 'vms.id', 'vms.tenant_id'),
        ),
      ),
    getTask: async ({ params, access }) => cutTask(access)(await tasks.getTask(db, params.id)),
    listAudit: ({ query, person }) => listAudit(db, query, person.tenantId),
    streamEvents: ({ call, access }) =>
      streams.open(call.lastEventId, call.signal, call.stillSignedIn, cutEvents(access)),
  };
}

/** Whose part of the draft somebody means who does not say it. */
const partOf = (person: Person, { tenantId }: { readonly tenantId?: Id | null | undefined }): Id | null =>
  tenantId === undefined ? person.tenantId : tenantId;
