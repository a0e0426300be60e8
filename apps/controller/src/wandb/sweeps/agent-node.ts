/** Agents as W&B's clients see them, and what these agents ask. */
import { type Agent, agentId, Forbidden, Invalid, NotFound, type Sweep, sweepId } from '@sweep/domain';
import type { Project } from '@sweep/store';
import { type AgentHeartbeatInput, type CreateAgentInput, type FieldArgs, liveRuns, storageId, storageKey } from '@sweep/wandb';
import { runRecords } from '../../views/run-reader.js';
import { pageOfAll } from '../connection.js';
import type { WandbContext, WandbParts } from '../parts.js';
import { wireTime } from '../times.js';

export async function createAgent(parts: WandbParts, input: CreateAgentInput, context: WandbContext) {
  demandPerson(context);
  const { store, engine } = parts;
  const found = /^[a-z0-9]{8}$/.test(input.sweep) ? await store.sweeps.find(sweepId(input.sweep)) : null;
  const project = found === null ? null : await context.scope.project(found.entity, found.projectName);
  // A client would ask again for what is not found.
  if (found === null || project === null) throw new Invalid(`there is no sweep ${input.sweep.slice(0, 80)}`);
  await context.scope.demandEntity(found.entity);
  const agent = await engine.wandbAgents.create(found, input.host.slice(0, 200), clientOf(context.userAgent));
  return { agent: agentNode(parts, agent, { sweep: found, project }) };
}

export async function agentHeartbeat(parts: WandbParts, { id, runState }: AgentHeartbeatInput, context: WandbContext) {
  demandPerson(context);
  const key = agentId(storageKey('Agent', id) ?? id);
  const { agent, sweep } = await parts.engine.wandbAgents.find(key);
  await context.scope.demandEntity(sweep.entity);
  const commands = await parts.engine.wandbAgents.heartbeat(key, liveRuns(runState));
  const project = await parts.store.projects.findById(sweep.project);
  if (project === null) throw new NotFound(`the project of sweep ${sweep.id} was removed`);
  return { agent: agentNode(parts, agent, { sweep, project }), commands };
}

interface Place {
  readonly sweep: Sweep;
  readonly project: Project;
}

function agentNode(parts: WandbParts, agent: Agent, place: Place) {
  return {
    id: storageId('Agent', agent.id),
    name: agent.id,
    host: agent.machine.hostname,
    state: stateWords[agent.state],
    totalRuns: async () => (await parts.store.attempts.ofAgent(agent.id)).length,
    createdAt: wireTime(agent.connectedAt),
    heartbeatAt: wireTime(agent.lastSeenAt),
    runs: (args: FieldArgs['Agent.runs']) => runsOf(parts, agent, place, args),
  };
}

const stateWords = { online: 'RUNNING', draining: 'RUNNING', offline: 'FINISHED', lost: 'CRASHED' } as const;

export async function agentOf(parts: WandbParts, sweep: Sweep, project: Project, name: string) {
  const agent = await parts.store.agents.find(agentId(storageKey('Agent', name) ?? name));
  return agent === null || agent.sweep !== sweep.id ? null : agentNode(parts, agent, { sweep, project });
}

/** Those that work for this sweep only. */
export async function agentConnection(parts: WandbParts, sweep: Sweep, project: Project) {
  const own = await parts.store.agents.ofSweep(sweep.id);
  return pageOfAll(own, {}, (agent) => agentNode(parts, agent, { sweep, project }));
}

async function runsOf(parts: WandbParts, agent: Agent, { project }: Place, { first, after }: FieldArgs['Agent.runs']) {
  const runs = [...new Set((await parts.store.attempts.ofAgent(agent.id)).map(({ run }) => run))];
  return pageOfAll(await runRecords(parts.store, runs), { first: first ?? null, after: after ?? null }, (record) =>
    parts.nodes.run(record, project),
  );
}

function demandPerson({ caller }: WandbContext): void {
  if (caller.key.trial !== null) throw new Forbidden(`permission denied: the key of trial ${caller.key.trial} starts no agents`);
}

const clientOf = (userAgent: string): string => userAgent.slice(0, 80) || 'wandb';
