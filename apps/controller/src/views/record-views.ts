/** Small records as the API shows them: agents, projects, runs, files, keys, users, decisions, events. One mapper each, pure. */
import type {
  AgentView,
  AlertView,
  DecisionView,
  EventView,
  FileView,
  JoinTokenView,
  KeyView,
  ProjectView,
  SessionView,
  UserView,
} from '@sweep/api';
import type { Agent, Decision, Trial } from '@sweep/domain';
import type { Alert, ApiKey, JoinToken, Project, RunFile, StoredEvent, TimedUsage, User } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import { isoTime, isoTimeOrNull } from './time.js';

/** @param held trials whose lease the agent holds */
export function agentView(agent: Agent, held: readonly Trial[], usage: TimedUsage | null): AgentView {
  const { machine } = agent;
  return {
    id: agent.id,
    name: agent.name,
    pool: agent.pool,
    sweep: agent.sweep,
    state: agent.state,
    reason: agent.reason,
    quarantine: quarantineView(agent.quarantine),
    hostname: machine.hostname,
    platform: machine.platform,
    cpus: machine.cpus,
    memoryBytes: machine.memoryBytes,
    gpus: machine.gpus.map(({ uuid, vendor, name, memoryBytes }) => ({ uuid, vendor, name, memoryBytes })),
    labels: { ...machine.labels },
    slots: agent.slots.map(({ index, gpus }) => ({ index, gpus: [...gpus], trial: runningIn(index, held) })),
    usage:
      usage === null
        ? null
        : { ...usage.usage, gpus: usage.usage.gpus.map((gpu) => ({ ...gpu })), at: isoTime(usage.at), ageSeconds: usage.ageMs / 1000 },
    version: agent.version,
    connectedAt: isoTime(agent.connectedAt),
    lastSeenAt: isoTime(agent.lastSeenAt),
  };
}

function quarantineView(quarantine: Agent['quarantine']): AgentView['quarantine'] {
  if (quarantine === null) return null;
  const { since, reason, evidence } = quarantine;
  return {
    since: isoTime(since),
    reason,
    evidence: evidence.map(({ sweep, number, failed, ranOn }) => ({ trial: `${sweep}#${number}`, failed, ranOn })),
  };
}

function runningIn(slot: number, held: readonly Trial[]): string | null {
  const trial = held.find(({ lease }) => lease?.slot === slot);
  return trial === undefined ? null : `${trial.sweep}#${trial.number}`;
}

export function projectView(project: Project & { readonly sweeps: number; readonly runs: number }): ProjectView {
  const { entity, name, sweeps, runs, createdAt } = project;
  return { entity, name, sweeps, runs, createdAt: isoTime(createdAt) };
}

export function alertView({ title, text, level, silenced, raisedAt }: Alert): AlertView {
  return { title, text, level, silenced, at: isoTime(raisedAt) };
}

export function fileView({ kind, path, size, blob, at }: RunFile): FileView {
  return { kind, path, size, hash: blob, at: isoTime(at) };
}

/** The secret is never read from here: the route that makes a key adds it, once. */
export function keyView(key: ApiKey): KeyView {
  const { id, user, name, scope } = key;
  return {
    id,
    user,
    name,
    scope,
    createdAt: isoTime(key.createdAt),
    expiresAt: isoTimeOrNull(key.expiresAt),
    revokedAt: isoTimeOrNull(key.revokedAt),
  };
}

export function joinTokenView({ id, createdAt, expiresAt, usedAt }: JoinToken, by: string): JoinTokenView {
  return { id, by, createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt), usedAt: isoTimeOrNull(usedAt) };
}

export function userView({ id, name, admin, createdAt }: User): UserView {
  return { id, name, admin, createdAt: isoTime(createdAt) };
}

/** @param expiresAt of the cookie, or of the key that was sent */
export function sessionView({ user, key }: Caller, expiresAt: number | null): SessionView {
  return {
    user: { id: user.id, name: user.name, admin: user.admin },
    scope: key.scope === 'admin' ? 'admin' : 'user',
    key: { id: key.id, name: key.name },
    expiresAt: isoTimeOrNull(expiresAt),
  };
}

/** @param number of the trial that the decision is about */
export function decisionView({ about, text, at }: Decision, number: number | null): DecisionView {
  return { trial: number, about, text, at: isoTime(at) };
}

export function eventView({ position, at, event }: StoredEvent): EventView {
  return { ...event, id: position, at: isoTime(at) };
}
