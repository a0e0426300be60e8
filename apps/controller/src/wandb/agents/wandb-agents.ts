/**
 * W&B's agents: each is an agent of ours with one slot, whose heartbeats renew its lease and fetch its commands.
 *
 *     createAgent ──► online ──heartbeat──► run … stop … exit ──► offline
 *                       └── silent ──► lost; its lease runs out like any other, and a later heartbeat takes up again
 *
 * Owns what a heartbeat and the last words of a program lead to. What to command is decided in @sweep/wandb, ends of trials in
 * endings.ts. Nothing is remembered here: leases and assignments are in the store, so any controller may answer the next heartbeat.
 */
import { type Agent, type AgentId, type AttemptEnd, Invalid, NotFound, type RunId, type Sweep } from '@sweep/domain';
import type { Store } from '@sweep/store';
import { type AgentCommand, decideHeartbeat, exitCommands, type Heartbeat, noCommands, stopCommands } from '@sweep/wandb';
import type { Returns } from '../../agents/returns.js';
import type { Specs } from '../../specs.js';
import type { Endings } from '../../trials/endings.js';
import { isWandbAgent, newWandbAgentId, wandbAttempt } from './agent-id.js';
import { endOfCompletion, endOfDisappearance, endOfDismissal } from './ends.js';
import type { HandOut, Possession } from './hand-out.js';
import { readopt } from './strangers.js';

export interface WandbAgentParts {
  readonly store: Store;
  readonly specs: Specs;
  readonly endings: Endings;
  readonly returns: Returns;
  readonly handOut: HandOut;
}

/** What runs that have no agent of ours beside them tell of themselves. */
export interface LastWords {
  readonly id: RunId;
  readonly exitCode: number | null;
}

export class WandbAgents {
  /** Spares the work of a heartbeat that is sent again while the first is answered; the store leases once in any case. */
  readonly #turns = new Map<AgentId, Promise<unknown>>();

  constructor(private readonly parts: WandbAgentParts) {}

  /**
   * Posted again it is another agent, which stays silent and is lost: two that are started at once on one machine send the same.
   *
   * @throws Invalid when the sweep hands out nothing any more: a client would repeat a Conflict
   */
  async create(sweep: Sweep, host: string, version: string): Promise<Agent> {
    if (phaseOf(sweep) === 'ending' || phaseOf(sweep) === 'over')
      throw new Invalid(`sweep ${sweep.id} is ${sweep.state}: resume it before you start an agent`);
    const id = newWandbAgentId();
    const machine = { hostname: host, platform: 'wandb', cpus: 0, memoryBytes: 0, gpus: [], labels: {} };
    const slots = [{ index: 0, gpus: [] }];
    return this.parts.store.agents.connect({ id, name: `${host} (wandb)`, pool: sweep.pool, sweep: sweep.id, machine, slots, version });
  }

  /** @throws NotFound when the agent or its sweep is gone: the client then leaves */
  async find(id: AgentId): Promise<{ readonly agent: Agent; readonly sweep: Sweep }> {
    const agent = isWandbAgent(id) ? await this.parts.store.agents.find(id) : null;
    const sweep = agent === null || agent.sweep === null ? null : await this.parts.store.sweeps.find(agent.sweep);
    if (agent === null || sweep === null) throw new NotFound(`there is no agent ${id}, or its sweep was deleted`);
    return { agent, sweep };
  }

  /** Answers the commands, as the client reads them. */
  async heartbeat(id: AgentId, live: readonly string[]): Promise<string> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#beat(id, live));
    this.#turns.set(id, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(id) === turn) this.#turns.delete(id);
    }
  }

  /** The program of a W&B agent said its last words; everything that it logged, its summary too, is stored. */
  async ended({ id, exitCode }: LastWords): Promise<void> {
    const { store, returns } = this.parts;
    const attempt = await wandbAttempt(store, id);
    if (attempt === null || attempt.end !== null) return;
    const assignment = await store.assignments.find(attempt.agent);
    const preempting = assignment?.lease === attempt.lease && assignment.preempting;
    await returns.finish(attempt, endOfCompletion(exitCode, preempting));
  }

  /** The program said that its machine is about to go. */
  async preempting(id: RunId): Promise<void> {
    const attempt = await wandbAttempt(this.parts.store, id);
    if (attempt !== null) await this.parts.store.assignments.preempt(attempt.lease);
  }

  /** Whether the program of this run goes on although its agent lost the trial and somebody else has it, or it is over. */
  async isOutdated(id: RunId): Promise<boolean> {
    const { store } = this.parts;
    const attempt = await wandbAttempt(store, id);
    if (attempt === null || attempt.endedAt === null) return false;
    const trial = await store.trials.find(attempt.trial);
    return trial !== null && trial.state !== 'queued';
  }

  async #beat(id: AgentId, live: readonly string[]): Promise<string> {
    const { agent, sweep } = await this.find(id);
    await this.#present(agent);
    const { handOut } = this.parts;
    const held = (await handOut.held(agent)) ?? (await readopt(this.parts, agent, live));
    // The answer that should have carried it was never sent.
    if (held !== null && held.assignment === null && live.length === 0 && phaseOf(sweep) !== 'over') return handOut.hand(agent, held);
    const given = await this.#given(held, sweep, live, agent);
    const decision = decideHeartbeat(given);
    if (held !== null) {
      if (decision.closed !== null) await this.#end(held, endOfDisappearance(decision.closed.why, standingOf(held)));
      else if (decision.command.kind === 'exit') await this.#end(held, endOfDismissal);
      else await handOut.keep(agent, held, { ...decision.assignment!, stopSeenAt: given.stop?.since ?? null });
    }
    return this.#answer(agent, decision.command, held);
  }

  async #given(held: Possession | null, sweep: Sweep, live: readonly string[], agent: Agent): Promise<Heartbeat> {
    const now = await this.parts.store.now();
    const { program, command } = this.parts.specs.of(sweep);
    const callsFunction = program === null && command.some((token) => token.includes(programMacro));
    const run = held?.assignment?.seenLive === false ? await this.parts.store.runs.record(held.assignment.run) : null;
    const stopping = held !== null && held.trial.stop !== null;
    return {
      now,
      assignment: held?.assignment ?? null,
      begun: run !== null && run.heartbeatAt !== null && run.heartbeatAt >= held!.assignment!.handedOutAt,
      live,
      stop: stopping ? { since: held.assignment?.stopSeenAt ?? now, callsFunction } : null,
      sweep: (agent.state === 'draining' || agent.quarantine !== null) && phaseOf(sweep) === 'handing-out' ? 'paused' : phaseOf(sweep),
    };
  }

  async #answer(agent: Agent, command: AgentCommand, held: Possession | null): Promise<string> {
    switch (command.kind) {
      case 'none':
        return noCommands;
      case 'stop':
        return stopCommands(command.run);
      case 'repeat':
        return this.parts.handOut.hand(agent, held!);
      case 'exit':
        return this.#dismiss(agent);
      case 'next':
        return this.#next(agent);
    }
  }

  async #next(agent: Agent): Promise<string> {
    const { store, handOut } = this.parts;
    const next = await handOut.lease(agent);
    if (next !== null) return handOut.hand(agent, next);
    // Looking for more may have found that nothing is left.
    const sweep = await store.sweeps.find(agent.sweep!);
    return sweep === null || phaseOf(sweep) === 'handing-out' || phaseOf(sweep) === 'paused' ? noCommands : this.#dismiss(agent);
  }

  async #dismiss(agent: Agent): Promise<string> {
    await this.parts.store.agents.move(agent.id, ['online', 'draining', 'lost'], 'offline', 'its sweep is over');
    return exitCommands;
  }

  async #end({ attempt }: Possession, end: AttemptEnd): Promise<void> {
    await this.parts.endings.end(attempt, end);
  }

  async #present(agent: Agent): Promise<void> {
    const { agents } = this.parts.store;
    await agents.seen(agent.id);
    if (agent.state === 'lost' || agent.state === 'offline') await agents.move(agent.id, ['lost', 'offline'], 'online', null);
  }
}

/** In the default command, which is that of files without `command`. */
const programMacro = `\${program}`;

const standingOf = ({ assignment, trial }: Possession) => ({
  preempting: assignment?.preempting ?? false,
  stopped: trial.stop !== null,
});

function phaseOf({ state, reason }: Pick<Sweep, 'state' | 'reason'>): Heartbeat['sweep'] {
  switch (state) {
    case 'pending':
    case 'running':
      return 'handing-out';
    case 'paused':
      return 'paused';
    case 'stopping':
      return reason === 'cancelled' ? 'over' : 'ending';
    case 'cancelled':
      return 'over';
    case 'completed':
    case 'failed':
      return 'ending';
  }
}
