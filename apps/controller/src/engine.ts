/**
 * The controller without its transports: every object of the sweep machinery, made and joined in one place.
 *
 * Nothing here knows Nest or sockets. Background work starts with `start` and ends with `stop`; leases outlive both.
 */
import { randomBytes } from 'node:crypto';
import type { Blobs } from '@sweep/blobs';
import type { Dispatch } from '@sweep/dispatch';
import type { AgentId, LeaseId, LeaseTimes, PointBatch, SweepId } from '@sweep/domain';
import type { GatewayHandler } from '@sweep/protocol';
import { type Clock, type Logger, type Loop, startLoop } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import { crashedAfterMs } from '@sweep/wandb';
import { Agents } from './agents/agents.js';
import { Gateway } from './agents/gateway.js';
import { Ingest, type IngestTarget } from './agents/ingest.js';
import { LiveSweeps } from './agents/live-sweeps.js';
import { Quarantines } from './agents/quarantines.js';
import { Returns } from './agents/returns.js';
import { Scheduler } from './agents/scheduler.js';
import { Sessions } from './agents/sessions.js';
import { Usages } from './agents/usages.js';
import type { Authenticator } from './auth/authenticate.js';
import type { Caller } from './auth/caller.js';
import { OpenCalls } from './auth/open-calls.js';
import { Advance } from './background/advance.js';
import { Collect } from './background/collect.js';
import { Expiry } from './background/expiry.js';
import { startHeartbeat } from './background/outage.js';
import { Reconcile } from './background/reconcile.js';
import { Soon } from './background/soon.js';
import type { EventFeed } from './live/event-feed.js';
import { Proposer } from './sampling/proposer.js';
import type { Sampling } from './sampling/sampling.js';
import { Specs } from './specs.js';
import { Effects } from './sweeps/effects.js';
import { Sweeps } from './sweeps/sweeps.js';
import { AskTell } from './trials/ask-tell.js';
import { Endings } from './trials/endings.js';
import { Trials } from './trials/trials.js';
import { Watch } from './trials/watch.js';
import { HandOut } from './wandb/agents/hand-out.js';
import { WandbAgents } from './wandb/agents/wandb-agents.js';
import { Webhooks } from './webhooks/webhooks.js';

export interface EngineParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly dispatch: Dispatch;
  readonly blobs: Blobs;
  readonly log: Logger;
  readonly clock: Clock;
  readonly times: LeaseTimes;
  readonly authenticator: Authenticator;
  readonly sampling: Sampling;
  /** Known only once the HTTP server listens. */
  readonly publicUrl: () => string;
  /** Whether webhooks may lead into this network. */
  readonly privateWebhooks: boolean;
  readonly version: string;
}

export interface Engine {
  readonly specs: Specs;
  readonly sweeps: Sweeps;
  readonly trials: Trials;
  readonly askTell: AskTell;
  readonly agents: Agents;
  readonly proposer: Proposer;
  readonly sampling: Pick<Sampling, 'insight' | 'cut'>;
  readonly gateway: GatewayHandler<Caller | null>;
  readonly wandbAgents: WandbAgents;
  readonly webhooks: Webhooks;
  readonly openCalls: OpenCalls;
  /** To be told of points of trials that did not come through an agent; never waits. */
  onPoints(target: IngestTarget, batch: Pick<PointBatch, 'series'>): void;
  start(): Promise<void>;
  /** Tells agents to dial again, flushes what they sent, ends the background work. */
  stop(): Promise<void>;
}

const reconcileEveryMs = 5_000;
const compactEveryMs = 60_000;
const webhooksEveryMs = 2_000;
const collectEveryMs = 3_600_000;
const silentRunsEveryMs = 30_000;
const compactRows = 5_000;
const followAgainMs = 1_000;
/** A call with a revoked key lasts this much longer at most, and the time of one query. */
const revokedEveryMs = 2_000;
/** Agents tell in their own time: so many of them share a write. */
const usageWrittenEveryMs = 2_000;
const reconnectAfterMs = 500;

export function createEngine(parts: EngineParts): Engine {
  const { store, dispatch, log, clock, times } = parts;
  const specs = new Specs();
  const liveSweeps = new LiveSweeps(store, clock);
  const soon = new Soon(
    (sweep) => dispatch.tick(sweep),
    (error, sweep) => log.error({ err: error, sweep }, 'waking a sweep failed; the reconciler does it'),
  );
  const tickSoon = (sweep: SweepId): void => soon.want(sweep);
  const endings: Endings = new Endings({
    store,
    dispatch,
    specs,
    liveSweeps,
    tickSoon,
    onRanElsewhere: (agents) => {
      for (const agent of agents)
        quarantines
          .judge(agent)
          .catch((error: unknown) => log.error({ err: error, agent }, 'judging a machine failed; the reconciler does it'));
    },
  });
  const effects = new Effects(store, dispatch, endings);
  const sweeps = new Sweeps({ store, specs, effects, times });
  const proposer = new Proposer({ store, specs, sampling: parts.sampling });
  const advance = new Advance({ store, specs, proposer, effects, log });
  const watch = new Watch({
    store,
    specs,
    liveSweeps,
    endings,
    onTarget: (sweep) => sweeps.raise(sweep, { kind: 'target-reached' }),
    onError: (error, sweep) => log.error({ err: error, sweep }, 'looking at new points failed'),
  });
  const ingest = new Ingest(store, (target, batch) => watch.onPoints(target, batch));
  const sessions = new Sessions(dispatch);
  const onReplaced = (agent: AgentId, lease: LeaseId, reason: string): void => sessions.onReplaced(agent, lease, reason);
  const returns = new Returns({ store, endings, times, onReplaced });
  const quarantines: Quarantines = new Quarantines({ store, endings, onReplaced, log });
  const scheduler = new Scheduler({ store, specs, liveSweeps, times, authenticator: parts.authenticator });
  const usages = new Usages(store.usage);
  const openCalls = new OpenCalls(store.keys);
  const gateway = new Gateway({ ...parts, specs, scheduler, ingest, endings, returns, usages, sessions, openCalls, tickSoon });
  const handOut = new HandOut({ store, dispatch, specs, advance, endings, times });
  const webhooks = new Webhooks({ ...parts, mayBePrivate: parts.privateWebhooks });
  const background = new Background({
    ...parts,
    advance,
    webhooks,
    sessions,
    usages,
    openCalls,
    liveSweeps,
    expiry: new Expiry({ store, specs, liveSweeps, endings, times, log }),
    reconcile: new Reconcile(store, effects),
    quarantines,
  });

  return {
    specs,
    sweeps,
    trials: new Trials({ store, specs, endings }),
    askTell: new AskTell({ store, specs, advance, endings, watch }),
    agents: new Agents(store),
    proposer,
    sampling: parts.sampling,
    gateway,
    openCalls,
    wandbAgents: new WandbAgents({ store, specs, endings, returns, handOut }),
    webhooks,
    onPoints: (target, batch) => watch.onPoints(target, batch),
    start: () => background.start(),
    async stop() {
      await background.stop();
      await sessions.sendAway(reconnectAfterMs);
      await ingest.flush();
      await soon.flush();
    },
  };
}

interface BackgroundParts extends EngineParts {
  readonly advance: Advance;
  readonly sessions: Sessions;
  readonly usages: Usages;
  readonly openCalls: OpenCalls;
  readonly liveSweeps: LiveSweeps;
  readonly webhooks: Webhooks;
  readonly expiry: Expiry;
  readonly reconcile: Reconcile;
  readonly quarantines: Quarantines;
}

class Background {
  readonly #loops: Loop[] = [];

  constructor(private readonly parts: BackgroundParts) {}

  async start(): Promise<void> {
    const { store, dispatch, advance, expiry, reconcile, quarantines, times, clock, log } = this.parts;
    this.#loops.push(await startHeartbeat({ store, times, clock, log, id: randomBytes(6).toString('hex') }));
    await dispatch.onTick((sweep) => advance.run(sweep));
    await dispatch.every('expiry', Math.max(250, Math.floor(times.ttlMs / 20)), () => expiry.run());
    await dispatch.every('reconcile', reconcileEveryMs, () => reconcile.run());
    await dispatch.every('quarantine', reconcileEveryMs, () => quarantines.run());
    await dispatch.every('silent runs', silentRunsEveryMs, async () => void (await store.runs.crash(crashedAfterMs)));
    await dispatch.every('collect', collectEveryMs, async () => void (await new Collect(this.parts).run()));
    await dispatch.every('webhooks', webhooksEveryMs, () => this.parts.webhooks.run());
    await dispatch.every('compact', compactEveryMs, async () => void (await store.metrics.compact(compactRows)));
    this.#loops.push(this.#followEvents(), this.#cutRevoked(), this.#writeUsages());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  /** Each controller looks for itself: calls are open at one. */
  #cutRevoked(): Loop {
    const { openCalls, clock, log } = this.parts;
    return startLoop({
      name: 'revoked keys',
      everyMs: revokedEveryMs,
      clock,
      body: () => openCalls.cutRevoked(),
      onError: (error) => log.error({ err: error }, 'cannot look for revoked keys'),
    });
  }

  #writeUsages(): Loop {
    const { usages, clock, log } = this.parts;
    return startLoop({
      name: 'usage',
      everyMs: usageWrittenEveryMs,
      clock,
      body: () => usages.flush(),
      onError: (error) => log.error({ err: error }, 'what machines use could not be written'),
    });
  }

  /** Stops and drains reach this controller's agents whichever controller was asked. */
  #followEvents(): Loop {
    const { feed, sessions, liveSweeps, webhooks, clock, log } = this.parts;
    let position = feed.head();
    return startLoop({
      name: 'events',
      everyMs: followAgainMs,
      clock,
      body: async (signal) => {
        for await (const events of feed.watch(position, signal)) {
          for (const stored of events) {
            const { event } = stored;
            // A trial's state is no part of its sweep's row.
            if ('sweep' in event && event.kind !== 'trial.state' && event.kind !== 'decision') liveSweeps.forget(event.sweep);
            await sessions.onEvent(event);
            await webhooks.follow(stored);
          }
          position = events.at(-1)!.position;
        }
      },
      onError: (error) => log.error({ err: error }, 'cannot follow events'),
    });
  }
}
