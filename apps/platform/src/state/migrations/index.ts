import type { Migration } from 'kysely/migration';
import { up as begin } from './0001-begin.ts';
import { up as taskDelivery } from './0002-task-delivery.ts';
import { up as hostFirewall } from './0003-host-firewall.ts';
import { up as addressSets } from './0004-address-sets.ts';
import { up as assertions } from './0005-assertions.ts';
import { up as rulePublished } from './0006-rule-published.ts';
import { up as schedulesAndServices } from './0007-schedules-and-services.ts';
import { up as threatSets } from './0008-threat-sets.ts';
import { up as groupParts } from './0009-group-parts.ts';
import { up as draftVersions } from './0010-draft-versions.ts';
import { up as quarantine } from './0011-quarantine.ts';
import { up as gateways } from './0012-gateways.ts';
import { up as observation } from './0013-observation.ts';
import { up as accounts } from './0014-accounts.ts';
import { up as elasticGateways } from './0015-elastic-gateways.ts';
import { up as approvals } from './0016-approvals.ts';
import { up as limits } from './0017-limits.ts';
import { up as mirrors } from './0018-mirrors.ts';
import { up as approvalComments } from './0019-approval-comments.ts';
import { up as ruleLimits } from './0020-rule-limits.ts';
import { up as rollingGateways } from './0021-rolling-gateways.ts';
import { up as networkLimits } from './0022-network-limits.ts';
import { up as alerts } from './0023-alerts.ts';
import { up as alertExceptions } from './0024-alert-exceptions.ts';
import { up as notifications } from './0025-notifications.ts';
import { up as flowViews } from './0026-flow-views.ts';
import { up as flowArrivals } from './0027-flow-arrivals.ts';
import { up as incidents } from './0028-incidents.ts';
import { up as exporters } from './0029-exporters.ts';
import { up as responses } from './0030-responses.ts';
import { up as playbooks } from './0031-playbooks.ts';
import { up as playbookAuthors } from './0032-playbook-authors.ts';
import { up as detectorSettings } from './0033-detector-settings.ts';
import { up as questions } from './0034-questions.ts';

/** In order. A migration that has run anywhere never changes; see docs/guides/adding-a-migration.md. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-begin': { up: begin },
  '0002-task-delivery': { up: taskDelivery },
  '0003-host-firewall': { up: hostFirewall },
  '0004-address-sets': { up: addressSets },
  '0005-assertions': { up: assertions },
  '0006-rule-published': { up: rulePublished },
  '0007-schedules-and-services': { up: schedulesAndServices },
  '0008-threat-sets': { up: threatSets },
  '0009-group-parts': { up: groupParts },
  '0010-draft-versions': { up: draftVersions },
  '0011-quarantine': { up: quarantine },
  '0012-gateways': { up: gateways },
  '0013-observation': { up: observation },
  '0014-accounts': { up: accounts },
  '0015-elastic-gateways': { up: elasticGateways },
  '0016-approvals': { up: approvals },
  '0017-limits': { up: limits },
  '0018-mirrors': { up: mirrors },
  '0019-approval-comments': { up: approvalComments },
  '0020-rule-limits': { up: ruleLimits },
  '0021-rolling-gateways': { up: rollingGateways },
  '0022-network-limits': { up: networkLimits },
  '0023-alerts': { up: alerts },
  '0024-alert-exceptions': { up: alertExceptions },
  '0025-notifications': { up: notifications },
  '0026-flow-views': { up: flowViews },
  '0027-flow-arrivals': { up: flowArrivals },
  '0028-incidents': { up: incidents },
  '0029-exporters': { up: exporters },
  '0030-responses': { up: responses },
  '0031-playbooks': { up: playbooks },
  '0032-playbook-authors': { up: playbookAuthors },
  '0033-detector-settings': { up: detectorSettings },
  '0034-questions': { up: questions },
};
