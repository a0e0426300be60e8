/** The store on PostgreSQL (14 or newer): one pool, one connection that listens. The schema must be there: see `migrate`. */
import { type Logger, silentLogger } from '@sweep/runtime';
import { sql } from 'drizzle-orm';
import { ArtifactStore } from '../artifact-store.js';
import type { Store } from '../store.js';
import { PostgresAgents } from './agents.js';
import { PostgresAlerts } from './alerts.js';
import { PostgresArtifacts } from './artifacts.js';
import { PostgresAssignments } from './assignments.js';
import { PostgresAttempts } from './attempts.js';
import { PostgresCharts } from './charts.js';
import { Database } from './database.js';
import { PostgresDecisions, PostgresEvents } from './events.js';
import { PostgresFiles } from './files.js';
import { PostgresKeys } from './keys.js';
import { PostgresLines } from './lines.js';
import { Listener } from './listener.js';
import { PostgresLogs } from './logs.js';
import { PostgresMetrics } from './metrics.js';
import { PostgresOutages } from './outages.js';
import { PostgresProjects } from './projects.js';
import { PostgresQuarantines } from './quarantines.js';
import { PostgresRetention } from './retention.js';
import { PostgresRuns } from './runs.js';
import { PostgresSearchLog } from './search-log.js';
import { sharedSecret } from './secrets.js';
import { PostgresSessions } from './sessions.js';
import { storageUse } from './storage.js';
import { PostgresSweeps } from './sweeps.js';
import { PostgresTeams } from './teams.js';
import { PostgresTrials } from './trials.js';
import { PostgresUsage } from './usage.js';
import { PostgresViews } from './views.js';
import { PostgresWebhooks } from './webhooks.js';

export interface PostgresOptions {
  readonly url: string;
  /** Connections at most, beside the one that listens. */
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
  /** Told of connections that broke; they are replaced. */
  readonly log?: Logger;
}

/** Throws `Unavailable` when the database does not answer. */
export async function openPostgres({
  url,
  poolSize = 10,
  statementTimeoutMs = 30_000,
  log = silentLogger,
}: PostgresOptions): Promise<Store> {
  let closing = false;
  const onError = (error: Error): void => {
    // A server that stops right after us ends the connections that we are closing.
    if (!closing) log.warn({ err: error }, 'a connection to the database broke; a new one is made');
  };
  const database = new Database({ url, poolSize, statementTimeoutMs, onError });
  const listener = new Listener(url, database, onError);
  const ping = async (): Promise<void> => {
    await database.read((queries) => queries.execute(sql`SELECT 1`));
  };
  try {
    await ping();
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    projects: new PostgresProjects(database),
    sweeps: new PostgresSweeps(database),
    trials: new PostgresTrials(database),
    searchLog: new PostgresSearchLog(database),
    attempts: new PostgresAttempts(database),
    agents: new PostgresAgents(database),
    usage: new PostgresUsage(database),
    quarantines: new PostgresQuarantines(database),
    assignments: new PostgresAssignments(database),
    runs: new PostgresRuns(database),
    metrics: new PostgresMetrics(database),
    alerts: new PostgresAlerts(database),
    artifacts: new ArtifactStore(new PostgresArtifacts(database)),
    lines: new PostgresLines(database),
    logs: new PostgresLogs(database),
    files: new PostgresFiles(database),
    decisions: new PostgresDecisions(database),
    events: new PostgresEvents(database, listener),
    keys: new PostgresKeys(database),
    teams: new PostgresTeams(database),
    charts: new PostgresCharts(database),
    webhooks: new PostgresWebhooks(database),
    sessions: new PostgresSessions(database),
    views: new PostgresViews(database),
    outages: new PostgresOutages(database),
    retention: new PostgresRetention(database),
    storage: () => storageUse(database),
    now: () => database.now(),
    ping,
    secret: (name, bytes) => sharedSecret(database, name, bytes),
    close: async () => {
      closing = true;
      await listener.close();
      await database.close();
    },
  };
}
