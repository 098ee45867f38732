import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { createAuthorizer } from '@hypervigil/authz';
import { resolvePostgres } from '@hypervigil/postgres';
import type { Logger } from 'pino';
import { createGuard } from './access/guard.ts';
import { createAnalyst } from './analysis/analyst.ts';
import { createAssertionWatch } from './assertions/watch.ts';
import { openAuthority } from './ca/authority.ts';
import { openVault } from './ca/key-file.ts';
import { publicUrl, serverNames } from './ca/server-certificate.ts';
import { createServerTls } from './ca/server-tls.ts';
import { createSession } from './channel/engine-session.ts';
import { createRegistry, cutRevoked } from './channel/registry.ts';
import { serveChannels } from './channel/server.ts';
import type { Config } from './config.ts';
import { createDetection } from './detect/detection.ts';
import { forgetOldAlerts } from './detect/raise.ts';
import { createKnownThreats } from './detect/threats.ts';
import { createTunings } from './detect/tunings.ts';
import { makeDirectories } from './directories.ts';
import { followEvents } from './events/log.ts';
import { createRender } from './events/render.ts';
import { createStreams } from './events/stream.ts';
import { every } from './every.ts';
import { countExporters } from './exporters/exporters.ts';
import { createExporterPusher } from './exporters/push.ts';
import { createArrivalLog, forgetOldArrivals } from './flows/arrivals.ts';
import { createDirectory } from './flows/directory.ts';
import { openOrigins } from './flows/open-origins.ts';
import { openFlowStore } from './flows/open-store.ts';
import { countGateways } from './gateways/gateways.ts';
import { planGateways } from './gateways/plan.ts';
import { createGatewayPusher } from './gateways/push.ts';
import { createHandlers } from './handlers/handlers.ts';
import { createFirewallPusher } from './host-firewall/push.ts';
import { createPresence } from './hosts/presence.ts';
import { buildApp, type Door } from './http/app.ts';
import { drain } from './http/drain.ts';
import { listenOn, listenOnSocket } from './http/listen.ts';
import { createAccounts } from './identity/accounts.ts';
import { ensureFirstAdministrator, firstPasswordFile } from './identity/first-administrator.ts';
import { createIdentity } from './identity/identity.ts';
import { createPasswords } from './identity/passwords.ts';
import { createSessions } from './identity/sessions.ts';
import { createThrottle } from './identity/throttle.ts';
import { createMirror } from './intent/mirror.ts';
import { createPusher } from './intent/pusher.ts';
import { forgetGoneVms } from './inventory/forget.ts';
import { forgetOldDrops } from './limits/drops.ts';
import { createMetrics } from './metrics.ts';
import { endCaptures } from './mirrors/captures.ts';
import { createMirrorPusher } from './mirrors/push.ts';
import { createCaptureReader } from './mirrors/read.ts';
import { createCourier } from './notification/courier.ts';
import { countWaiting, forgetOldDeliveries } from './notification/deliveries.ts';
import { playbookTurn } from './playbooks/turn.ts';
import { createTurnWatch } from './policy/turns.ts';
import { createObservationWatch } from './recorded/observation-watch.ts';
import { lapseDue } from './responses/decide.ts';
import { undoDue } from './responses/undo.ts';
import { migrate, openDatabase } from './state/database.ts';
import { PLATFORM, transact } from './state/work.ts';
import { dispatchOnEvents } from './tasks/dispatch-on-events.ts';
import { createDispatcher } from './tasks/dispatcher.ts';
import { refreshDue } from './threat-sets/refresh.ts';

export interface RunningPlatform {
  /** Plain HTTP on this machine. */
  readonly httpUrl: string;
  /** What engines and remote browsers use. */
  readonly httpsUrl: string;
  readonly httpsPort: number;
  /** Unix socket whose opener administers this platform. */
  readonly adminSocket: string;
  readonly caFingerprint: string;
  readonly caPem: string;
  /** Where the one-time password is while nobody has changed it. */
  readonly firstPasswordFile: string;
  stop(): Promise<void>;
}

/** Starts everything in order; stopping undoes it in reverse. What fails on the way is undone before the error is thrown. */
export async function startPlatform(config: Config, logger: Logger): Promise<RunningPlatform> {
  const undo = new AsyncDisposableStack();
  try {
    return await compose(config, logger, undo);
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}

async function compose(config: Config, logger: Logger, undo: AsyncDisposableStack): Promise<RunningPlatform> {
  const directories = await makeDirectories(config.stateDir, config.runDir);
  let stopping = false;

  const postgres = await resolvePostgres({
    databaseUrl: config.databaseUrl,
    embedded: {
      dataDir: directories.postgresData,
      runDir: directories.postgresRun,
      log: (line) => logger.debug({ from: 'postgres' }, line),
    },
  });
  undo.defer(() => postgres.stop());
  const db = openDatabase(postgres.connection, (error) =>
    logger[stopping ? 'debug' : 'warn']({ err: error }, 'a database connection broke'),
  );
  undo.defer(() => db.destroy());
  await migrate(db);

  const passwords = createPasswords();
  if (await ensureFirstAdministrator(db, passwords, config.stateDir))
    logger.info({ file: firstPasswordFile(config.stateDir) }, 'the first administrator was made');
  const sessions = createSessions(db, { idleMinutes: config.sessionIdleMinutes, hours: config.sessionHours });
  const throttle = createThrottle(db);
  const identity = createIdentity({ db, passwords, sessions, throttle, stateDir: config.stateDir });
  const vault = await openVault(config.stateDir);
  const authority = await openAuthority(db, vault);

  const origins = await openOrigins(config.mmdbFiles);
  const flowLimits = { hours: config.flowRetentionHours, maxBytes: config.flowMaxGib * 1024 ** 3 };
  const flows = await openFlowStore(config, directories.flows);
  undo.defer(() => flows.close());

  const log = await followEvents(db, postgres.connection, logger);
  undo.defer(() => log.close());
  const streams = createStreams(log, createRender(db), logger);
  const mirror = await createMirror(db, log, logger);
  const registry = createRegistry();
  const metrics = createMetrics({
    channels: () => registry.all().length,
    streams: () => streams.count(),
    eventPosition: () => log.position(),
    gateways: () => countGateways(db),
    exporters: () => countExporters(db),
    notificationsWaiting: () => countWaiting(db),
  });
  const pusher = createPusher({ db, mirror, logger, metrics });
  const firewalls = createFirewallPusher({ db, registry, log, logger });
  const gateways = createGatewayPusher({ db, registry, log, logger });
  const mirrors = createMirrorPusher({ db, registry, log, logger });
  const exporters = await createExporterPusher({ db, registry, log, logger });
  const captures = createCaptureReader(db, registry);
  const dispatcher = createDispatcher(db, logger);
  const presence = createPresence(db, randomUUID());
  if (config.databaseUrl === undefined) await presence.beginAlone();
  cutRevoked({ db, registry, log, logger });
  dispatchOnEvents({ registry, log, dispatcher, logger });

  const analyst = createAnalyst({
    connection: postgres.connection,
    logger,
    limits: { seconds: config.analysisSeconds, mib: config.analysisMib },
  });
  undo.defer(() => analyst.close());

  const threats = createKnownThreats(db);
  const tunings = createTunings(db, mirror);
  const directory = createDirectory(mirror, origins.of);
  const detection = createDetection({
    ...{ db, logger, metrics, tuningOf: tunings.of },
    refresh: async () => void (await Promise.all([threats.refresh(), tunings.refresh()])),
    context: {
      threatOf: threats.of,
      published: { revision: mirror.policyRevision, hasRule: (num) => directory.rule(num) !== undefined },
    },
  });
  undo.defer(async () => {
    const settle = async () => {
      await detection.turn();
      await detection.save();
    };
    await settle().catch((error: Error) => logger.warn({ err: error }, 'what detectors knew last is lost'));
  });

  const feeds = { db, allowed: config.threatFeedNetworks };
  let httpsUrl = '';
  const notification = {
    ...{ db, vault, publicUrl: () => httpsUrl },
    allowed: { provider: config.notificationNetworks, tenants: config.tenantNotificationNetworks },
  };
  const authorizer = createAuthorizer();
  const guard = createGuard(db, authorizer);
  const handlers = createHandlers({
    db,
    identity,
    accounts: createAccounts({ db, passwords, sessions }),
    authorizer,
    throttle,
    authority,
    certificateDays: config.certificateDays,
    claims: config,
    publicUrl: () => httpsUrl,
    flows,
    flowLimits,
    origins,
    streams,
    analyst,
    feeds,
    notification,
    captures,
    detection,
  });
  const ready = async () =>
    !stopping &&
    (await db
      .selectFrom('policy_state')
      .select('published_revision')
      .execute()
      .then(
        () => true,
        () => false,
      ));
  const appFor = (door: Door, options: { tls?: TlsOptions }) =>
    buildApp({
      door,
      ...options,
      logger,
      db,
      identity,
      guard,
      handlers,
      metrics,
      consoleDir: config.consoleDir,
      ready,
    });

  const tls = await createServerTls(authority, serverNames(config));
  const loopback = await appFor('loopback', {});
  const secure = await appFor('tls', { tls: tls.options });
  const socket = await appFor('socket', {});

  const courier = createCourier({ ...notification, logger, metrics });
  undo.defer(() => courier.stop());
  const arrivals = createArrivalLog(db);
  undo.defer(async () => {
    await arrivals.save().catch((error: Error) => logger.warn({ err: error }, 'what arrived last is not counted'));
  });
  let flowsAreNew = false;
  const sessionDeps = {
    db,
    logger,
    presence,
    registry,
    pusher,
    firewalls,
    gateways,
    mirrors,
    exporters,
    captures,
    dispatcher,
    flows,
    directory,
    detection,
    arrivals,
    claims: config,
    metrics,
    flowsArrived: () => {
      flowsAreNew = true;
    },
  };
  const channels = serveChannels(secure.server as Server, { db, logger }, (channel) =>
    createSession(sessionDeps, channel),
  );

  undo.defer(async () => {
    stopping = true;
    streams.close();
    await channels.close();
    await Promise.all([loopback, secure, socket].map(drain));
  });
  await listenOn(secure, config.httpsAddress, config.httpsPort);
  const httpsPort = (secure.server.address() as AddressInfo).port;
  httpsUrl = publicUrl(config, httpsPort);
  await listenOn(loopback, config.httpAddress, config.httpPort);
  const adminSocket = await listenOnSocket(socket, join(config.runDir, 'admin.sock'));

  const chores = [
    every(1_000, 'presence', () => presence.beat(registry.held())),
    every(1_000, 'flow news', async () => {
      if (!flowsAreNew) return;
      flowsAreNew = false;
      await transact(db, PLATFORM, async (work) => work.changed('flows'));
    }),
    every(2_000, 'flow arrivals', () => arrivals.save()),
    every(500, 'detection', () => detection.turn()),
    every(500, 'notifications', () => courier.turn()),
    every(30_000, 'what detectors know', () => detection.save()),
    every(1_000, 'task leases', () => dispatcher.expire()),
    every(2_000, 'intent digests', () => pusher.remember()),
    every(500, 'playbooks', () => playbookTurn(db)),
    every(1_000, 'responses', () => undoDue(db)),
    every(1_000, 'approvals of responses', () => lapseDue(db)),
    every(1_000, 'captures', () => transact(db, PLATFORM, (work) => endCaptures(work, 'over'))),
    every(5_000, 'gateways', () => transact(db, PLATFORM, planGateways)),
    every(2_000, 'assertions', createAssertionWatch(db, analyst, logger)),
    every(1_000, 'turns of the clock', createTurnWatch({ db, mirror, clock: () => new Date() }, logger)),
    every(2_000, 'observation', createObservationWatch({ db, flows }, logger)),
    every(5_000, 'threat sets', () => refreshDue(feeds)),
    every(60_000, 'where addresses are', async () => {
      for (const error of await origins.refresh()) logger.warn({ err: error }, 'what it said before is kept');
    }),
    every(60_000, 'event log', () => log.prune()),
    every(60_000, 'sessions', () => sessions.sweep()),
    every(600_000, 'old drops', () => forgetOldDrops(db)),
    every(600_000, 'old arrivals', () => forgetOldArrivals(db)),
    every(3_600_000, 'old alerts', () => forgetOldAlerts(db)),
    every(3_600_000, 'old notifications', () => forgetOldDeliveries(db)),
    every(600_000, 'gone VMs', () => forgetGoneVms(db, config.goneVmHours)),
    every(600_000, 'flow retention', async () => {
      const { hours, maxBytes } = flowLimits;
      await flows.retain({ nowMs: Date.now(), maxAgeMs: hours * 3_600_000, maxBytes });
    }),
    every(3_600_000, 'server certificate', () => tls.renewIfDue(secure.server)),
  ].map((start) => start(logger));
  undo.defer(async () => {
    await Promise.all(chores.map((stop) => stop()));
  });

  const httpPort = (loopback.server.address() as AddressInfo).port;
  logger.info({ http: httpPort, https: httpsPort, url: httpsUrl }, 'the platform is ready');
  return Object.freeze({
    httpUrl: `http://127.0.0.1:${httpPort}`,
    httpsUrl,
    httpsPort,
    adminSocket,
    caFingerprint: authority.fingerprint,
    caPem: authority.pem,
    firstPasswordFile: firstPasswordFile(config.stateDir),
    stop: () => undo.disposeAsync(),
  });
}
