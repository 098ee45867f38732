import { SERVICE_CATALOGUE } from '@hypervigil/model';
import type { Page } from 'playwright-core';
import { en } from '../../src/i18n/en.ts';
import { zhCN } from '../../src/i18n/zh-CN.ts';
import { uuid } from '../fake-platform/make.ts';

export type Language = 'en' | 'zh-CN';
export const WORDS = { en, 'zh-CN': zhCN } as const;

export interface ScreenUnderTest {
  readonly name: string;
  readonly path: string;
  readonly ready: (page: Page, language: Language) => Promise<void>;
}

/** Nothing is being read, and every chart and map has been drawn. */
const settled = (page: Page) =>
  page.waitForFunction(() => {
    const drawn = (frame: string, content: string) =>
      [...document.querySelectorAll(frame)].every((element) => element.querySelector(content) !== null);
    return (
      document.querySelector('.hv-loading') === null &&
      drawn('.hv-chart', 'canvas') &&
      drawn('.hv-map__body', '.react-flow__node, .pf-v6-c-empty-state')
    );
  });

const heading = (title: (words: typeof zhCN) => string) => async (page: Page, language: Language) => {
  await page.getByRole('heading', { level: 1, name: title(WORDS[language]) }).waitFor();
  await settled(page);
};
const named = (name: string) => async (page: Page) => {
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await settled(page);
};

export const SCREENS: readonly ScreenUnderTest[] = [
  { name: 'overview', path: '/', ready: heading((w) => w.overview.title) },
  { name: 'hosts', path: '/hosts', ready: heading((w) => w.hosts.title) },
  { name: 'host', path: `/hosts/${uuid('host', 1)}`, ready: named('kvm-01') },
  { name: 'vms', path: '/vms', ready: heading((w) => w.vms.title) },
  { name: 'vms-drawer', path: `/vms?id=${uuid('vm', 1)}`, ready: heading((w) => w.vms.title) },
  { name: 'vm', path: `/vms/${uuid('vm', 1)}`, ready: named('aurora-web') },
  {
    name: 'vm-behaviour',
    path: `/vms/${uuid('vm', 1)}?tab=behaviour`,
    ready: async (page, language) => {
      await page.getByRole('img', { name: WORDS[language].behaviour.usualWeek }).waitFor();
      await settled(page);
    },
  },
  { name: 'flow-health', path: '/flows/health', ready: heading((w) => w.flowHealth.title) },
  { name: 'names', path: '/names', ready: heading((w) => w.names.title) },
  { name: 'people', path: '/people', ready: heading((w) => w.people.title) },
  {
    name: 'approvals',
    path: '/people?do=approvals',
    ready: (page) => page.getByRole('dialog').getByRole('combobox').first().waitFor(),
  },
  { name: 'networks', path: '/networks', ready: heading((w) => w.networks.title) },
  { name: 'tenants', path: '/tenants', ready: heading((w) => w.tenants.title) },
  { name: 'groups', path: `/groups?id=${uuid('group', 1)}`, ready: heading((w) => w.groups.title) },
  {
    name: 'address-sets',
    path: `/address-sets?id=${uuid('address-set', 2)}`,
    ready: async (page, language) => {
      await heading((w) => w.addressSets.title)(page, language);
      await page.getByText('198.51.100.0', { exact: true }).waitFor();
    },
  },
  {
    name: 'services',
    path: `/services?id=${SERVICE_CATALOGUE[0]!.id}`,
    ready: heading((w) => w.namedServices.title),
  },
  { name: 'schedules', path: `/schedules?id=${uuid('schedule', 1)}`, ready: heading((w) => w.schedules.title) },
  {
    name: 'schedule-create',
    path: '/schedules?do=create',
    ready: (page) => page.getByRole('dialog').getByRole('img').waitFor(),
  },
  { name: 'map', path: '/map', ready: heading((w) => w.map.title) },
  { name: 'flows', path: '/flows', ready: heading((w) => w.flows.title) },
  {
    name: 'flows-asked',
    path: `/flows?by=src.vm&and=dst.port&top=flows&filter=${encodeURIComponent('vm = aurora-web and verdict = denied')}`,
    ready: async (page, language) => {
      await page.getByRole('heading', { level: 1, name: WORDS[language].flows.title }).waitFor();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'policy',
    path: `/policy?id=${uuid('policy', 1)}&findings=all`,
    ready: async (page, language) => {
      await heading((w) => w.policy.title)(page, language);
      await page.locator('.hv-findings > li').first().waitFor();
    },
  },
  {
    name: 'reach',
    path: '/reach?to=vm:aurora-web&part=1',
    ready: async (page, language) => {
      await heading((w) => w.reach.title)(page, language);
      await page.locator('.hv-path').waitFor();
    },
  },
  {
    name: 'matrix',
    path: '/matrix',
    ready: async (page, language) => {
      await heading((w) => w.matrix.title)(page, language);
      await page.getByRole('grid').waitFor();
    },
  },
  {
    name: 'gateways',
    path: `/gateways?id=${uuid('gateway-group', 1)}`,
    ready: async (page, language) => {
      await heading((w) => w.gatewayGroups.title)(page, language);
      await page.getByText('0f4c9a1d77e2b6c3', { exact: true }).first().waitFor();
    },
  },
  { name: 'limits', path: `/limits?id=${uuid('limit', 1)}`, ready: heading((w) => w.limits.title) },
  {
    name: 'limit-create',
    path: '/limits?do=create',
    ready: (page) => page.getByRole('dialog').getByRole('textbox').first().waitFor(),
  },
  {
    name: 'mirrors',
    path: `/mirrors?id=${uuid('mirror', 1)}`,
    ready: async (page, language) => {
      await heading((w) => w.mirrors.title)(page, language);
      await page.getByText('For the incident of Monday').waitFor();
    },
  },
  {
    name: 'exporters',
    path: `/exporters?id=${uuid('exporter', 1)}`,
    ready: async (page, language) => {
      await heading((w) => w.exporters.title)(page, language);
      await page.getByText('The switch above rack 7').waitFor();
    },
  },
  {
    name: 'exporter-create',
    path: '/exporters?do=create&address=192.0.2.66&port=6343',
    ready: (page) => page.getByRole('dialog').getByRole('textbox').first().waitFor(),
  },
  { name: 'host-firewalls', path: '/host-firewalls', ready: heading((w) => w.hostFirewall.title) },
  { name: 'host-firewall', path: `/host-firewalls/${uuid('host', 1)}`, ready: named('kvm-01') },
  { name: 'host-firewall-edit', path: `/host-firewalls/${uuid('host', 1)}?do=edit`, ready: named('kvm-01') },
  {
    name: 'recommendations',
    path: `/recommendations?group=${uuid('group', 1)}`,
    ready: heading((w) => w.recommendations.title),
  },
  { name: 'simulation', path: '/policy/simulation', ready: heading((w) => w.simulation.title) },
  { name: 'observation', path: '/policy/observation', ready: heading((w) => w.observation.title) },
  { name: 'assertions', path: `/assertions?id=${uuid('assertion', 1)}`, ready: heading((w) => w.assertions.title) },
  { name: 'history', path: '/policy/history', ready: heading((w) => w.history.title) },
  { name: 'alerts', path: '/alerts', ready: heading((w) => w.alerts.title) },
  { name: 'alert-exceptions', path: '/alerts/exceptions', ready: heading((w) => w.alerts.exceptions.title) },
  { name: 'playbooks', path: `/playbooks?id=${uuid('playbook', 1)}`, ready: heading((w) => w.playbooks.title) },
  {
    name: 'playbook-create',
    path: '/playbooks?do=create',
    ready: (page) => page.getByRole('dialog').getByRole('textbox').first().waitFor(),
  },
  { name: 'responses', path: '/alerts/responses', ready: heading((w) => w.responses.title) },
  { name: 'detectors', path: '/alerts/detectors', ready: heading((w) => w.alerts.detectors.title) },
  {
    name: 'detector-settings',
    path: '/alerts/detectors/settings',
    ready: heading((w) => w.detectorSettings.title),
  },
  {
    name: 'detector-setting',
    path: '/alerts/detectors/settings?do=create',
    ready: (page) => page.getByRole('dialog').waitFor(),
  },
  {
    name: 'alert',
    path: `/alerts/${uuid('alert', 2)}`,
    ready: async (page) => {
      await page.getByText('Our own load test.').waitFor();
      await settled(page);
    },
  },
  { name: 'incidents', path: '/incidents', ready: heading((w) => w.incidents.title) },
  {
    name: 'incident',
    path: `/incidents/${uuid('incident', 1)}`,
    ready: async (page, language) => {
      await page.getByRole('figure', { name: WORDS[language].incidents.graphLabel }).waitFor();
      await settled(page);
    },
  },
  {
    name: 'notifications',
    path: `/notifications?id=${uuid('notification', 2)}`,
    ready: heading((w) => w.notificationRoutes.title),
  },
  {
    name: 'notification-create',
    path: '/notifications?do=create',
    ready: (page) => page.getByRole('dialog').getByRole('textbox').first().waitFor(),
  },
  { name: 'deliveries', path: '/notifications/deliveries', ready: heading((w) => w.deliveries.title) },
  { name: 'tasks', path: '/tasks', ready: heading((w) => w.tasks.title) },
  { name: 'audit', path: '/audit', ready: heading((w) => w.audit.title) },
];
