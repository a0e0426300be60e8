/**
 * A running controller: everything it is made of, opened in order and closed in the reverse order.
 *
 *     data folder → database → migrations → queue → blobs → first key → engine → gRPC → HTTP → background work → announced
 *
 * Owns that order. What each part does is its own; signals and exit codes are main.ts. What takes long to load (BullMQ, gRPC, Nest) is
 * loaded while the database starts, so this imports nothing that does.
 */
import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Blobs } from '@sweep/blobs';
import type { Dispatch } from '@sweep/dispatch';
import { Conflict, Unavailable } from '@sweep/domain';
import { createShutdown, type Logger, type Shutdown, systemClock } from '@sweep/runtime';
import { migrate, openPostgres, type Store, startEmbedded } from '@sweep/store';
import type { NestFastifyApplication } from './app.module.js';
import { Authenticator } from './auth/authenticate.js';
import { type HostRules, isLoopback } from './auth/browser.js';
import { openBlobs } from './blob-storage.js';
import type { ControllerConfig } from './config.js';
import { type Announcement, claimDataFolder, type HeldFolder } from './data-folder.js';
import type { Engine } from './engine.js';
import type { HttpParts, ServerFacts } from './http/parts.js';
import { agentArchive } from './install/archive.js';
import { EventFeed } from './live/event-feed.js';
import { Sampling } from './sampling/sampling.js';
import { fingerprintOf, ownCertificate, pinOf } from './tls/own-certificate.js';

export interface RunningController {
  readonly server: Announcement;
  stop(): Promise<void>;
}

export interface FirstKey {
  readonly user: string;
  readonly key: string;
}

export interface StartOptions {
  readonly config: ControllerConfig;
  readonly version: string;
  readonly log: Logger;
  /** Called once, on the first start with a database. */
  readonly onFirstKey: (key: FirstKey) => void;
}

/** Another controller holds the data folder; `server` says where it is, null while it starts. */
export class AlreadyRunning extends Conflict {
  constructor(
    readonly pid: number,
    readonly server: Announcement | null,
    dataDir: string,
  ) {
    super(`a controller (process ${pid}) already runs on ${dataDir}`);
  }
}

/** How long agents may take to hear that they should dial again. */
const agentGraceMs = 2_000;
const answerGraceMs = 3_000;

/** @throws AlreadyRunning, Unavailable; what was opened is closed again then */
export async function startController(options: StartOptions): Promise<RunningController> {
  const shutdown = createShutdown(options.log);
  try {
    return await start(options, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(options: StartOptions, shutdown: Shutdown): Promise<RunningController> {
  const { config, log, version } = options;
  const folder = claim(config.dataDir, shutdown);
  const [databaseUrl, loaded] = await Promise.all([config.databaseUrl ?? openEmbedded(config.dataDir, log, shutdown), load()]);
  const { store, dispatch, blobs } = await openStorage({ config, databaseUrl, log, loaded }, shutdown);
  const authenticator = new Authenticator(store);
  await makeFirstKey(authenticator, options);

  const { tls, fingerprint, pin } = identify(config);
  if (fingerprint !== null) log.info({ fingerprint }, 'agents know this controller by the fingerprint of its own certificate');
  const addresses = addressesOf(config, tls);
  const startedAt = systemClock.now();
  const times = config.times;
  const feed = await openFeed(store, log, shutdown);
  const publicUrl = addresses.url;
  const sampling = openSampling(config, { store, log, shutdown });
  const parts = {
    store,
    feed,
    dispatch,
    blobs,
    log,
    clock: systemClock,
    times,
    authenticator,
    sampling,
    publicUrl,
    privateWebhooks: config.privateWebhooks,
    version,
  };
  const engine = loaded.createEngine(parts);
  await listenForAgents({ engine, loaded }, addresses, options, shutdown);
  const server: ServerFacts = {
    version,
    database: config.databaseUrl === null ? 'embedded' : 'external',
    startedAt,
    url: addresses.url,
    grpcUrl: addresses.grpcUrl,
    fingerprint,
    pin,
  };
  await listenForHttp({ store, feed, dispatch, blobs, engine, authenticator, server, loaded }, addresses, options, shutdown);
  await engine.start();
  shutdown.add('background work', () => engine.stop());

  const life = { pid: process.pid, version, startedAt: new Date(startedAt).toISOString() };
  const announcement = { ...addresses.local(), ...life, ...(fingerprint === null ? {} : { fingerprint }) };
  folder.announce(announcement);
  shutdown.add('announcement', () => folder.retract());
  return { server: announcement, stop: () => shutdown.run() };
}

/** Most of a start is this: about 0.7 s of reading and compiling, which the database needs for itself as well. */
async function load() {
  const [{ openDispatch }, { serveAgents }, { createEngine }, { createApp }, { createTelemetry }] = await Promise.all([
    import('@sweep/dispatch'),
    import('@sweep/protocol'),
    import('./engine.js'),
    import('./app.module.js'),
    import('./http/telemetry.js'),
  ]);
  return { openDispatch, serveAgents, createEngine, createApp, createTelemetry };
}

type Loaded = Awaited<ReturnType<typeof load>>;

function claim(dataDir: string, shutdown: Shutdown): HeldFolder {
  const claimed = claimDataFolder(dataDir);
  if (!claimed.held) throw new AlreadyRunning(claimed.pid, claimed.server, dataDir);
  shutdown.add('data folder', () => claimed.folder.release());
  return claimed.folder;
}

interface Storage {
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly blobs: Blobs;
}

interface StorageParts {
  readonly config: ControllerConfig;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly loaded: Loaded;
}

async function openStorage({ config, databaseUrl: url, log, loaded }: StorageParts, shutdown: Shutdown): Promise<Storage> {
  const applied = await migrate(url);
  if (applied.length > 0) log.info({ applied }, 'the database was migrated');
  const store = await openPostgres({ url, log });
  shutdown.add('database connections', () => store.close());
  const dispatch = await loaded.openDispatch(config.redisUrl === null ? { databaseUrl: url } : { redisUrl: config.redisUrl }, log);
  shutdown.add('queue', () => dispatch.close());
  return { store, dispatch, blobs: await openBlobs(config) };
}

async function openEmbedded(dataDir: string, log: Logger, shutdown: Shutdown): Promise<string> {
  const database = await startEmbedded({ dataDir, log });
  shutdown.add('embedded PostgreSQL', () => database.stop());
  return database.url;
}

interface SamplingParts {
  readonly store: Store;
  readonly log: Logger;
  readonly shutdown: Shutdown;
}

function openSampling({ samplerThreads }: ControllerConfig, { store, log, shutdown }: SamplingParts): Sampling {
  const program = new URL('./sampling/worker.js', import.meta.url);
  const sampling = new Sampling({ store, log, threads: samplerThreads, program });
  shutdown.add('sampling threads', () => sampling.close());
  return sampling;
}

async function openFeed({ events }: Store, log: Logger, shutdown: Shutdown): Promise<EventFeed> {
  const feed = new EventFeed({ events, clock: systemClock, onError: (error) => log.error({ err: error }, 'cannot follow events') });
  await feed.start();
  shutdown.add('event feed', () => feed.close());
  return feed;
}

async function makeFirstKey(authenticator: Authenticator, { config, onFirstKey }: StartOptions): Promise<void> {
  const first = await authenticator.firstUser(config.userName);
  if (first !== null) onFirstKey({ user: first.user.name, key: first.secret });
}

interface Identity {
  readonly tls: HttpParts['tls'];
  /** Of a certificate that no authority vouches for. */
  readonly fingerprint: string | null;
  readonly pin: string | null;
}

function identify({ tls, dataDir, host, publicUrl }: ControllerConfig): Identity {
  if (tls !== 'own') return { tls, fingerprint: null, pin: null };
  const names = [host, publicUrl === null ? '' : bareHost(publicUrl)].filter((name) => name !== '' && !isEverywhere(name));
  const { cert, key } = ownCertificate({ folder: join(dataDir, 'tls'), names, now: systemClock.now() });
  return { tls: { cert: Buffer.from(cert), key: Buffer.from(key) }, fingerprint: fingerprintOf(cert), pin: pinOf(cert) };
}

const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';
const bareHost = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

interface Addresses {
  readonly tls: HttpParts['tls'];
  /** As others see them. */
  readonly url: () => string;
  readonly grpcUrl: () => string;
  /** As this machine sees them, for `server.json`. */
  readonly local: () => { readonly url: string; readonly grpcUrl: string };
  readonly hosts: HostRules;
  /** Set when the sockets are bound. */
  port: number;
  grpcPort: number;
}

function addressesOf({ host, port, grpcPort, publicUrl }: ControllerConfig, tls: HttpParts['tls']): Addresses {
  const scheme = tls === null ? 'http' : 'https';
  const everywhere = isEverywhere(host);
  const at = (name: string, bound: number): string => `${scheme}://${isIP(name) === 6 ? `[${name}]` : name}:${bound}`;
  const seen = everywhere ? hostname() : host;
  const here = everywhere ? '127.0.0.1' : host;
  const addresses: Addresses = {
    tls,
    port,
    grpcPort,
    hosts: { names: [seen.toLowerCase(), hostname().toLowerCase()], anyAddress: !isLoopback(host) },
    url: () => publicUrl ?? at(seen, addresses.port),
    grpcUrl: () => at(publicUrl === null ? seen : bareHost(publicUrl), addresses.grpcPort),
    local: () => ({ url: everywhere || publicUrl === null ? at(here, addresses.port) : publicUrl, grpcUrl: at(here, addresses.grpcPort) }),
  };
  return addresses;
}

interface Listening {
  readonly engine: Engine;
  readonly loaded: Loaded;
}

async function listenForAgents(
  { engine, loaded }: Listening,
  addresses: Addresses,
  { config, log }: StartOptions,
  shutdown: Shutdown,
): Promise<void> {
  const { tls } = addresses;
  const server = await loaded.serveAgents({
    host: config.host,
    port: addresses.grpcPort,
    handler: engine.gateway,
    log,
    ...(tls === null ? {} : { tls }),
  });
  shutdown.add('agents', () => server.close(agentGraceMs));
  addresses.grpcPort = server.port;
}

type Served = Storage &
  Listening & {
    readonly feed: EventFeed;
    readonly authenticator: Authenticator;
    readonly server: ServerFacts;
  };

async function listenForHttp(
  { loaded, ...served }: Served,
  addresses: Addresses,
  { config, log }: StartOptions,
  shutdown: Shutdown,
): Promise<void> {
  const closing = new AbortController();
  // One listener for each endless answer, of which there may be many.
  setMaxListeners(0, closing.signal);
  const app = await loaded.createApp({
    ...served,
    telemetry: loaded.createTelemetry(),
    log,
    clock: systemClock,
    hosts: addresses.hosts,
    rateLimit: config.rateLimit,
    agentArchive: agentArchive(fileURLToPath(new URL('../../agent/bundle/sweep-agent.tar.gz', import.meta.url))),
    dashboard: fileURLToPath(new URL('../../dashboard/dist/', import.meta.url)),
    tls: addresses.tls,
    closing: closing.signal,
  });
  shutdown.add('HTTP', () => closeGently(app));
  await bind(app, addresses.port, config.host);
  addresses.port = portOf(app.getHttpServer().address());
  // Runs before the server closes, which waits for what still answers.
  shutdown.add('endless answers', () => closing.abort());
}

/** @throws Unavailable when the address is taken or is not this machine's */
async function bind(app: NestFastifyApplication, port: number, host: string): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Unavailable(`cannot listen on ${host}:${port} (${code}): choose another with --port, or 0 for any free one`);
  }
}

/** Lets answers that are under way end, but waits for nobody who does not read. */
async function closeGently(app: NestFastifyApplication): Promise<void> {
  const closed = new AbortController();
  const cut = async (): Promise<void> => {
    await systemClock.sleep(answerGraceMs, closed.signal);
    if (!closed.signal.aborted) (app.getHttpServer() as Server).closeAllConnections();
  };
  void cut();
  await app.close();
  closed.abort();
}

function portOf(address: unknown): number {
  return (address as { readonly port: number }).port;
}
