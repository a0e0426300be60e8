/**
 * The typed client of the HTTP API, one method a route. For the command line, the dashboard and anybody's scripts.
 *
 * Failures are the errors of the domain: a caller tells them apart by class. Answers are trusted to have the shape of schemas.ts.
 */
import type { z } from 'zod';
import type { JoinTokenView, SessionView } from './access-schemas.js';
import type { CurvesQuery, MetricsQuery, PageQuery, SweepQuery, TrialQuery } from './client-queries.js';
import type { PackedCurves } from './curves.js';
import { type EventOptions, followEvents } from './events.js';
import { type LogOptions, readLogs } from './logs.js';
import { routes } from './routes.js';
import { callsOf, type RunClient, runCalls } from './run-client.js';
import type {
  AgentView,
  AttemptView,
  askBody,
  askView,
  cloneBody,
  createKeyBody,
  createSweepBody,
  createTokenBody,
  createUserBody,
  DecisionView,
  EventView,
  editSweepBody,
  FileView,
  KeyView,
  ListView,
  MetricsView,
  ProjectView,
  params,
  RevisionView,
  reportBody,
  reportView,
  retryBody,
  ServerView,
  SweepView,
  TrialView,
  tellBody,
  tokenView,
  UserView,
} from './schemas.js';
import type { BestView, InsightView, OneTrialView, SearchLogView } from './search-schemas.js';
import type { CollectedView, StorageView, SweepPointsView, SweepSliceView, SweepTimelineView, WaitingView } from './sweep-data-schemas.js';
import { type TeamClient, teamCalls } from './team-client.js';
import { type ClientOptions, createTransport, type Transport } from './transport.js';

export type SweepVerb = 'pause' | 'resume' | 'stop' | 'cancel';
type Params = z.infer<typeof params>;

/** `SWEEP` is an id, `PROJECT/ID` or `ENTITY/PROJECT/ID`; `TRIAL` is an id or `SWEEP#NUMBER`. */
export interface Client extends RunClient, TeamClient {
  readonly url: string;
  server(): Promise<ServerView>;
  /** Milliseconds that the controller's clock is ahead of ours, as far as its `Date` header tells (whole seconds). */
  clockSkewMs(): Promise<number>;
  /** Answers whether the controller says that it can work; throws `Unavailable` when nobody answers or it says no. */
  ready(): Promise<void>;

  createSweep(body: z.input<typeof createSweepBody>): Promise<SweepView>;
  listSweeps(query?: SweepQuery): Promise<ListView<SweepView>>;
  getSweep(sweep: string): Promise<SweepView>;
  /** `revision`: the edit is refused with `Conflict` unless this is the current one. */
  editSweep(sweep: string, change: z.input<typeof editSweepBody>, revision?: number): Promise<SweepView>;
  removeSweep(sweep: string): Promise<void>;
  commandSweep(sweep: string, verb: SweepVerb): Promise<SweepView>;
  retrySweep(sweep: string, which: z.input<typeof retryBody>): Promise<ListView<TrialView>>;
  cloneSweep(sweep: string, options: z.input<typeof cloneBody>): Promise<SweepView>;
  ask(sweep: string, options: z.input<typeof askBody>): Promise<z.infer<typeof askView>>;
  enqueueTrials(sweep: string, points: readonly Params[]): Promise<ListView<TrialView>>;
  listTrials(sweep: string, query?: TrialQuery): Promise<ListView<TrialView>>;
  /** Without `limit`: ten, or the whole Pareto set of several objectives. */
  bestTrials(sweep: string, limit?: number): Promise<BestView>;
  searchLog(sweep: string, query?: PageQuery): Promise<SearchLogView>;
  listRevisions(sweep: string): Promise<ListView<RevisionView>>;
  listSweepDecisions(sweep: string, query?: PageQuery): Promise<ListView<DecisionView>>;
  importance(sweep: string): Promise<InsightView>;
  pareto(sweep: string): Promise<ListView<TrialView>>;
  /** `since`: the `now` of the last answer. */
  sweepPoints(sweep: string, since?: string): Promise<SweepPointsView>;
  sweepTimeline(sweep: string): Promise<SweepTimelineView>;
  sweepSlice(sweep: string, query: { readonly x: string; readonly y?: string; readonly points?: number }): Promise<SweepSliceView>;
  /** One metric of many trials. */
  sweepCurves(sweep: string, query: CurvesQuery & { readonly trials?: readonly number[] }): Promise<PackedCurves>;

  getTrial(trial: string): Promise<OneTrialView>;
  trialMetrics(trial: string, query?: MetricsQuery): Promise<MetricsView>;
  trialLogs(trial: string, options: LogOptions): AsyncIterable<Uint8Array>;
  trialAttempts(trial: string): Promise<ListView<AttemptView>>;
  trialFiles(trial: string): Promise<ListView<FileView>>;
  trialDecisions(trial: string, query?: PageQuery): Promise<ListView<DecisionView>>;
  reportTrial(trial: string, report: z.input<typeof reportBody>): Promise<z.infer<typeof reportView>>;
  tellTrial(trial: string, result: z.input<typeof tellBody>): Promise<TrialView>;
  cancelTrial(trial: string): Promise<TrialView>;

  listProjects(query?: PageQuery): Promise<ListView<ProjectView>>;
  listAgents(query?: PageQuery): Promise<ListView<AgentView>>;
  getAgent(agent: string): Promise<AgentView>;
  drainAgent(agent: string): Promise<AgentView>;
  resumeAgent(agent: string): Promise<AgentView>;
  removeAgent(agent: string): Promise<void>;

  /** The browser keeps the cookie; `Unauthenticated` for a wrong key. */
  signIn(key: string): Promise<SessionView>;
  session(): Promise<SessionView>;
  signOut(): Promise<void>;
  listKeys(query?: PageQuery): Promise<ListView<KeyView>>;
  createKey(body: z.input<typeof createKeyBody>): Promise<KeyView>;
  revokeKey(key: string): Promise<void>;
  queue(): Promise<ListView<WaitingView>>;
  storage(): Promise<StorageView>;
  /** Gives back what nobody uses any more; may take half a minute. */
  collect(options: { readonly dryRun: boolean }): Promise<CollectedView>;
  listTokens(): Promise<ListView<JoinTokenView>>;
  revokeToken(token: string): Promise<void>;
  listUsers(query?: PageQuery): Promise<ListView<UserView>>;
  createUser(body: z.input<typeof createUserBody>): Promise<UserView>;
  removeUser(user: string): Promise<void>;
  createToken(body: z.input<typeof createTokenBody>): Promise<z.infer<typeof tokenView>>;

  /** `hash`: lower-case SHA-256 of the bytes. */
  putBlob(hash: string, bytes: Uint8Array): Promise<void>;
  events(options?: EventOptions): AsyncIterable<EventView>;
}

export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  const { json, send } = transport;
  const { withId, paged, packed } = callsOf(transport);
  const verbs = { pause: routes.pauseSweep, resume: routes.resumeSweep, stop: routes.stopSweep, cancel: routes.cancelSweep };

  return {
    url: transport.url,
    server: () => json(routes.server),
    clockSkewMs: () => clockSkewMs(transport),
    ready: async () => void (await send(routes.ready)),

    createSweep: (body) => json(routes.createSweep, { body }),
    listSweeps: (query) => json(routes.listSweeps, paged(query)),
    getSweep: (id) => json(routes.getSweep, withId(id)),
    editSweep: (id, body, revision) =>
      json(routes.editSweep, withId(id, { body, ...(revision === undefined ? {} : { headers: { 'if-match': String(revision) } }) })),
    removeSweep: async (id) => void (await send(routes.removeSweep, withId(id))),
    commandSweep: (id, verb) => json(verbs[verb], withId(id)),
    retrySweep: (id, body) => json(routes.retrySweep, withId(id, { body })),
    cloneSweep: (id, body) => json(routes.cloneSweep, withId(id, { body })),
    ask: (id, body) => json(routes.ask, withId(id, { body })),
    enqueueTrials: (id, points) => json(routes.enqueueTrials, withId(id, { body: { params: points } })),
    listTrials: (id, query) => json(routes.listTrials, withId(id, paged(query))),
    bestTrials: (id, limit) => json(routes.bestTrials, withId(id, limit === undefined ? {} : { query: { limit } })),
    searchLog: (id, query) => json(routes.searchLog, withId(id, paged(query))),
    listRevisions: (id) => json(routes.listRevisions, withId(id)),
    listSweepDecisions: (id, query) => json(routes.listSweepDecisions, withId(id, paged(query))),
    importance: (id) => json(routes.importance, withId(id)),
    pareto: (id) => json(routes.pareto, withId(id)),
    sweepPoints: (id, since) => json(routes.sweepPoints, withId(id, paged({ since }))),
    sweepTimeline: (id) => json(routes.sweepTimeline, withId(id)),
    sweepSlice: (id, query) => json(routes.sweepSlice, withId(id, paged(query))),
    sweepCurves: (id, query) => packed(routes.sweepCurves, withId(id, paged({ ...query, trials: query.trials?.map(String) }))),

    getTrial: (id) => json(routes.getTrial, withId(id)),
    trialMetrics: (id, query) => json(routes.trialMetrics, withId(id, paged(query))),
    trialLogs: (id, logs) => readLogs(transport, id, logs),
    trialAttempts: (id) => json(routes.trialAttempts, withId(id)),
    trialFiles: (id) => json(routes.trialFiles, withId(id)),
    trialDecisions: (id, query) => json(routes.trialDecisions, withId(id, paged(query))),
    reportTrial: (id, body) => json(routes.reportTrial, withId(id, { body })),
    tellTrial: (id, body) => json(routes.tellTrial, withId(id, { body })),
    cancelTrial: (id) => json(routes.cancelTrial, withId(id)),

    listProjects: (query) => json(routes.listProjects, paged(query)),
    ...runCalls(transport),
    ...teamCalls(transport),
    listAgents: (query) => json(routes.listAgents, paged(query)),
    getAgent: (id) => json(routes.getAgent, withId(id)),
    drainAgent: (id) => json(routes.drainAgent, withId(id)),
    resumeAgent: (id) => json(routes.resumeAgent, withId(id)),
    removeAgent: async (id) => void (await send(routes.removeAgent, withId(id))),

    signIn: (key) => json(routes.signIn, { body: { key } }),
    session: () => json(routes.session),
    signOut: async () => void (await send(routes.signOut)),
    listKeys: (query) => json(routes.listKeys, paged(query)),
    createKey: (body) => json(routes.createKey, { body }),
    revokeKey: async (id) => void (await send(routes.revokeKey, withId(id))),
    queue: () => json(routes.queue),
    storage: () => json(routes.storage),
    collect: (body) => json(routes.collect, { body }),
    listTokens: () => json(routes.listTokens),
    revokeToken: async (id) => void (await send(routes.revokeToken, withId(id))),
    listUsers: (query) => json(routes.listUsers, paged(query)),
    createUser: (body) => json(routes.createUser, { body }),
    removeUser: async (id) => void (await send(routes.removeUser, withId(id))),
    createToken: (body) => json(routes.createToken, { body }),

    putBlob: async (hash, bytes) =>
      void (await send(routes.putBlob, { components: { hash }, body: bytes, type: 'application/octet-stream' })),
    events: (events) => followEvents(transport, events),
  };
}

async function clockSkewMs({ send }: Transport): Promise<number> {
  const sent = Date.now();
  const response = await send(routes.healthz);
  const date = Date.parse(response.headers.get('date') ?? '');
  await response.body?.cancel();
  return Number.isNaN(date) ? 0 : date - (sent + Date.now()) / 2;
}

/** Every item of a list, page by page. `most`: stop after so many. */
export async function* pages<T>(read: (page: PageQuery) => Promise<ListView<T>>, most = Number.POSITIVE_INFINITY): AsyncGenerator<T> {
  let cursor: string | null = null;
  let left = most;
  do {
    const page: ListView<T> = await read({ cursor, limit: Math.min(left, 200) });
    for (const item of page.items) {
      yield item;
      if (--left <= 0) return;
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
}
