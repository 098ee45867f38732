import type { AlertsTables } from './tables/alerts.ts';
import type { CloudTables } from './tables/cloud.ts';
import type { DetectorsTables } from './tables/detectors.ts';
import type { DraftTables } from './tables/draft.ts';
import type { ExportersTables } from './tables/exporters.ts';
import type { FlowsTables } from './tables/flows.ts';
import type { GatewaysTables } from './tables/gateways.ts';
import type { GroupsTables } from './tables/groups.ts';
import type { HostsTables } from './tables/hosts.ts';
import type { LimitsTables } from './tables/limits.ts';
import type { NotificationsTables } from './tables/notifications.ts';
import type { PartsTables } from './tables/parts.ts';
import type { PeopleTables } from './tables/people.ts';
import type { PlaybooksTables } from './tables/playbooks.ts';
import type { PublishedTables } from './tables/published.ts';
import type { WorkTables } from './tables/work.ts';

/** The tables of the database, as `migrations/` make them. */
export interface Tables
  extends PeopleTables,
    HostsTables,
    CloudTables,
    GroupsTables,
    PartsTables,
    LimitsTables,
    DraftTables,
    PublishedTables,
    GatewaysTables,
    ExportersTables,
    AlertsTables,
    DetectorsTables,
    PlaybooksTables,
    NotificationsTables,
    FlowsTables,
    WorkTables {}
