/** The in-memory twin of the store: the same behaviour for tests and trials of ideas, without durability. */
import { randomBytes } from 'node:crypto';
import type { RunId } from '@sweep/domain';
import { ArtifactStore } from '../artifact-store.js';
import { earliestPosition, unknownPosition } from '../event-position.js';
import type { EventStore, Store, StoredEvent } from '../store.js';
import { MemoryAgents, MemoryAttempts, MemoryOutages } from './agents.js';
import { MemoryAlerts } from './alerts.js';
import { MemoryArtifacts } from './artifacts.js';
import { MemoryAssignments } from './assignments.js';
import { MemoryKeys } from './keys.js';
import { MemoryLines } from './lines.js';
import { MemoryLogs, MemoryMetrics, MemoryStreams } from './metrics.js';
import { MemoryDecisions, MemoryFiles, MemoryProjects } from './projects.js';
import { MemoryQuarantines } from './quarantines.js';
import { MemoryRetention } from './retention.js';
import { MemoryRuns } from './runs.js';
import { MemorySearchLog } from './search-log.js';
import { MemorySessions } from './sessions.js';
import { MemoryState } from './state.js';
import { memoryStorage } from './storage.js';
import { MemorySweeps } from './sweeps.js';
import { MemoryCharts, MemoryTeams, MemoryWebhooks } from './teams.js';
import { MemoryTrials } from './trials.js';
import { MemoryUsage } from './usage.js';
import { MemoryViews } from './views.js';

/** `clock`: milliseconds since the epoch; the system's by default. */
export function openMemory(clock: () => number = Date.now): Store {
  const state = new MemoryState(clock);
  const streams = new MemoryStreams();
  const [logs, lines, artifacts] = [new MemoryLogs(), new MemoryLines(state, streams), new MemoryArtifacts(state)];
  const forget = (run: RunId): void => {
    for (const part of [streams, logs, lines, artifacts]) part.forget(run);
  };
  return {
    projects: new MemoryProjects(state),
    sweeps: new MemorySweeps(state, streams),
    trials: new MemoryTrials(state),
    searchLog: new MemorySearchLog(state),
    attempts: new MemoryAttempts(state),
    agents: new MemoryAgents(state),
    usage: new MemoryUsage(state),
    quarantines: new MemoryQuarantines(state),
    assignments: new MemoryAssignments(state),
    runs: new MemoryRuns(state, streams),
    metrics: new MemoryMetrics(state, streams),
    alerts: new MemoryAlerts(state),
    artifacts: new ArtifactStore(artifacts),
    lines,
    logs,
    files: new MemoryFiles(state),
    decisions: new MemoryDecisions(state),
    events: new MemoryEvents(state),
    keys: new MemoryKeys(state),
    teams: new MemoryTeams(state),
    charts: new MemoryCharts(state),
    webhooks: new MemoryWebhooks(state),
    sessions: new MemorySessions(state),
    views: new MemoryViews(state),
    outages: new MemoryOutages(state),
    retention: new MemoryRetention(state, forget),
    storage: async () => memoryStorage(state),
    now: async () => clock(),
    ping: async () => {},
    secret: async (name, bytes) => {
      const known = state.secrets.get(name) ?? new Uint8Array(randomBytes(bytes));
      state.secrets.set(name, known);
      return known;
    },
    close: async () => state.subscribers.clear(),
  };
}

class MemoryEvents implements EventStore {
  constructor(private readonly state: MemoryState) {}

  async since(position: string | null, limit: number): Promise<readonly StoredEvent[]> {
    if (position === null) return [];
    const start = Math.max(0, read(position) - this.state.eventsDropped);
    return structuredClone(this.state.events.slice(start, start + limit));
  }

  async head(): Promise<string> {
    return `${this.state.eventsDropped + this.state.events.length}-0`;
  }

  async check(position: string): Promise<void> {
    if (position === earliestPosition) return;
    const { events, eventsDropped } = this.state;
    const at = read(position);
    if (at < eventsDropped || at > eventsDropped + events.length) throw unknownPosition();
  }

  async subscribe(onSomething: () => void): Promise<() => Promise<void>> {
    const subscriber = (): void => onSomething();
    this.state.subscribers.add(subscriber);
    return async () => {
      this.state.subscribers.delete(subscriber);
    };
  }
}

function read(position: string): number {
  if (position === earliestPosition) return 0;
  const match = /^(\d{1,15})-0$/.exec(position);
  if (match === null) throw unknownPosition();
  return Number(match[1]);
}
