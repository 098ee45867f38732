import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { api, type Endpoint } from '@hypervigil/contract';
import { ApiErrorBody } from '@hypervigil/model';
import type { RunningPlatform } from '../src/index.ts';
import {
  personWith,
  type Scratch,
  signIn,
  startTestCloud,
  startTestPlatform,
  type TestPerson,
} from '../src/testing/index.ts';

const ID = '00000000-0000-4000-8000-00000000dead';
const endpoints = Object.entries<Endpoint>(api);
const url = (endpoint: Endpoint) => endpoint.path.replace(/\{\w+\}/g, ID);

/** What cannot be asked without saying about whom, or before something was published; their own tests do. */
const NEEDS_MORE = ['recommendPolicy', 'observePolicy', 'getPublishProgress'];

describe('every endpoint', () => {
  let scratch: Scratch;
  let platform: RunningPlatform;
  let person: TestPerson;
  let stop: () => Promise<void>;
  before(async () => {
    ({ scratch, platform, person, stop } = await startTestCloud('walk'));
  });
  after(async () => {
    await stop();
  });

  async function callAs(cookie: string | undefined, endpoint: Endpoint, init: RequestInit = {}) {
    const response = await fetch(platform.httpUrl + url(endpoint), {
      method: endpoint.method,
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...(cookie === undefined ? {} : { cookie }) },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  for (const [operation, endpoint] of endpoints.filter(([, e]) => e.caller !== 'public')) {
    it(`${operation} refuses nobody, a wrong token and the wrong kind of caller`, async () => {
      for (const cookie of [undefined, 'hv_session=wrong', ...(endpoint.caller === 'engine' ? [person.cookie] : [])]) {
        const { status, body } = await callAs(cookie, endpoint);
        assert.equal(status, 401, `${operation} with ${cookie}`);
        assert.equal(ApiErrorBody.parse(body).code, endpoint.caller === 'engine' ? 'no-certificate' : 'not-signed-in');
      }
    });
  }

  for (const [operation, endpoint] of endpoints.filter(([, e]) => e.caller === 'person' && e.method !== 'GET')) {
    it(`${operation} refuses what another site asks a browser for`, async () => {
      const foreign: Record<string, string>[] = [
        { 'sec-fetch-site': 'cross-site' },
        { origin: 'https://evil.example' },
      ];
      for (const headers of foreign) {
        const { status, body } = await callAs(person.cookie, endpoint, { headers });
        assert.deepEqual([status, body.code], [403, 'other-site']);
      }
    });
  }

  for (const [operation, endpoint] of endpoints.filter(([, e]) => e.params !== undefined)) {
    it(`${operation} refuses an id that is none, and one of nothing`, async () => {
      const body = endpoint.body === undefined ? {} : await sampleBody(operation);
      const init = {
        headers: { 'content-type': 'application/json' },
        ...(endpoint.body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const nothing = await callAs(person.cookie, endpoint, endpoint.body === undefined ? {} : init);
      assert.deepEqual([nothing.status, nothing.body.code], [404, 'not-found'], JSON.stringify(nothing.body));
      const path = endpoint.path.replace(/\{\w+\}/g, 'not-an-id');
      const response = await person.fetch(path, {
        method: endpoint.method,
        ...(endpoint.body === undefined ? {} : init),
      });
      const answer = ApiErrorBody.parse(await response.json());
      assert.equal(response.status, 400);
      assert.equal(answer.problems[0]?.field, 'id');
    });
  }

  for (const [operation, endpoint] of endpoints.filter(([, e]) => e.caller === 'person' && e.query !== undefined)) {
    it(`${operation} refuses a parameter that it does not know, and a limit that is none`, async () => {
      for (const [name, value] of Object.entries({
        colour: 'red',
        ...('limit' in endpoint.query!.shape && { limit: 'x' }),
      })) {
        const response = await person.fetch(`${url(endpoint)}?${name}=${value}`);
        const body = ApiErrorBody.parse(await response.json());
        assert.deepEqual([response.status, body.problems[0]?.field], [400, name]);
      }
    });
  }

  for (const [operation, endpoint] of endpoints.filter(
    ([operation, e]) =>
      e.response !== undefined && e.method === 'GET' && e.params === undefined && !NEEDS_MORE.includes(operation),
  )) {
    it(`${operation} answers as the contract says`, async () => {
      const response = await person.fetch(endpoint.path);
      assert.equal(response.status, 200);
      endpoint.response!.parse(await response.json());
    });
  }

  it('lets a person with a one-time password only change it', async () => {
    const other = await startTestPlatform(scratch, 'one-time');
    const cookie = await signIn(other, 'admin', (await readFile(other.firstPasswordFile, 'utf8')).trim());
    for (const [operation, endpoint] of endpoints.filter(([, e]) => e.caller === 'person')) {
      if (['getSession', 'signOut', 'changePassword'].includes(operation)) continue;
      const response = await personWith(other, cookie).fetch(url(endpoint), { method: endpoint.method });
      assert.equal(((await response.json()) as ApiErrorBody).code, 'password-change-required', operation);
    }
    await other.stop();
  });

  async function sampleBody(operation: string): Promise<unknown> {
    const group = { name: 'g', description: '', tenantId: null, vmIds: [], revision: 1 };
    const policy = { name: 'p', description: '', tier: 'platform', tenantId: null, order: 1, enabled: true, rules: [] };
    const feed = { format: 'list', csvColumn: null, url: null, everyMinutes: 60 };
    const bodies: Record<string, unknown> = {
      updateAccount: { disabled: true },
      updateVm: { tags: {} },
      updateVnic: { ipv4: [] },
      quarantineVm: { reason: 'r' },
      releaseVm: { reason: 'r' },
      migrateVm: { toHostId: ID },
      updateNetwork: { name: 'n', vlan: null, cidrs: [], tenantId: null },
      updateTenant: { name: 't' },
      updateHostFirewall: { policy: null, revision: 0 },
      inheritHostFirewall: { revision: 0 },
      confirmHostFirewall: { revision: 0 },
      startCapture: {},
      updateMirror: {
        ...{ name: 'm', description: '', vmIds: [], oneIn: 1, target: { kind: 'capture' } },
        revision: 1,
      },
      updateExporter: {
        ...{ name: 'e', description: '', address: '192.0.2.9', hostId: ID, listen: '192.0.2.1', port: 4739 },
        ...{ protocol: 'netflow', networkId: null, sampling: 1, revision: 1 },
      },
      updateGatewayGroup: {
        ...{ name: 'g', description: '', tenantId: null, perHost: 1, vcpus: 1, memoryMiB: 384, detect: false },
        revision: 1,
      },
      drainGateway: { drain: true },
      updateGroup: group,
      updateAddressSet: { name: 's', description: '', tenantId: null, revision: 1 },
      updateSchedule: {
        name: 's',
        description: '',
        zone: 'UTC',
        windows: [{ days: ['mon'], from: '09:00', to: '18:00' }],
        revision: 1,
      },
      updateNamedService: { name: 's', description: '', services: [{ protocol: 'tcp', ports: ['8443'] }], revision: 1 },
      updateNotificationRoute: {
        ...{ name: 'n', target: { kind: 'slack' }, secrets: { url: 'https://hooks.slack.com/x' }, revision: 1 },
      },
      updateFlowView: { name: 'v', revision: 1 },
      updateLimit: { name: 'l', description: '', newOut: { perSecond: 10 }, revision: 1 },
      updateThreatSet: { name: 's', description: '', tenantId: null, feed, revision: 1 },
      uploadThreatSet: { fileName: 'list.txt', content: '198.51.100.1' },
      updatePolicy: { ...policy, revision: 1 },
      movePolicy: { before: ID },
      moveRule: { policyId: ID },
      editRules: { revision: 1 },
      closeAlert: { resolution: 'expected' },
      assignAlert: { assignee: null },
      commentAlert: { text: 't' },
      respondToAlert: { action: 'quarantine', reason: 'r' },
      declineResponse: { reason: 'r' },
      answerResponse: { answer: 'ours', text: 't' },
      updatePlaybook: { name: 'p', action: 'quarantine', revision: 0 },
      updateDetectorSetting: { codes: ['flood'], sensitivity: 'low', reason: 'r', revision: 0 },
      undoResponse: { reason: 'r' },
      closeIncident: { resolution: 'expected' },
      assignIncident: { assignee: null },
      mergeIncident: { incidentId: ID },
      splitIncident: { alertIds: [ID] },
      updateAssertion: { name: 'a', kind: 'never', from: {}, to: {}, revision: 1 },
    };
    return bodies[operation] ?? assert.fail(`a sample body for ${operation} is missing`);
  }
});
