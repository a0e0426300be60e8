/** The in-memory twin: the same promises within one process, for tests and for trying things out. Several controllers: share a `MemoryServer`. */
import { type SweepId, type TrialId, Unavailable } from '@sweep/domain';
import type { Dispatch, Offer } from './dispatch.js';
import { backOffMs } from './ticks.js';

export interface MemoryDispatchOptions {
  readonly offerLockMs?: number;
  /** Controllers that share one see each other's offers, ticks and chores. */
  readonly server?: MemoryServer;
}

interface Entry {
  readonly trial: TrialId;
  readonly attempt: number;
  visibleAt: number;
  /** Of the current taker; null in the pool. */
  token: symbol | null;
}

interface SweepTicks {
  active: boolean;
  wanted: boolean;
  failures: number;
}

interface Controller {
  onTick: ((sweep: SweepId) => Promise<void>) | null;
  readonly timers: Set<NodeJS.Timeout>;
  readonly work: Set<Promise<void>>;
  closed: boolean;
}

/** What Redis or PostgreSQL is to the real one. */
export class MemoryServer {
  readonly pools = new Map<string, Map<string, Entry>>();
  readonly listeners = new Map<string, Set<() => void>>();
  readonly ticks = new Map<SweepId, SweepTicks>();
  readonly controllers = new Set<Controller>();
  /** By name: when its next run is due, and whether it runs. */
  readonly chores = new Map<string, { next: number; busy: boolean }>();

  pool(name: string): Map<string, Entry> {
    const known = this.pools.get(name) ?? new Map<string, Entry>();
    this.pools.set(name, known);
    return known;
  }

  ring(pool: string): void {
    for (const listener of this.listeners.get(pool) ?? []) listener();
  }

  /** Goes on when the controller that asked closes; the last one turns off the light. */
  private readonly timers = new Set<NodeJS.Timeout>();

  later(delayMs: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      callback();
    }, delayMs);
    this.timers.add(timer);
  }

  leave(controller: Controller): void {
    this.controllers.delete(controller);
    if (this.controllers.size > 0) return;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}

const keyOf = (trial: TrialId, attempt: number): string => `${trial}-${attempt}`;

export function openMemoryDispatch({ offerLockMs = 30_000, server = new MemoryServer() }: MemoryDispatchOptions = {}): Dispatch {
  const me: Controller = { onTick: null, timers: new Set(), work: new Set(), closed: false };
  server.controllers.add(me);
  const open = (): void => {
    if (me.closed) throw new Unavailable('the queue was closed');
  };
  const offers = memoryOffers(server, offerLockMs);
  const ticks = memoryTicks(server);

  return {
    async offer(pool, trial, attempt, delayMs) {
      open();
      offers.add(pool, { trial, attempt, delayMs });
    },
    async offerMany(pool, trials) {
      open();
      for (const one of trials) offers.add(pool, one);
    },
    async take(pool) {
      open();
      return offers.take(pool);
    },
    async withdraw(pool, trial, attempt) {
      open();
      const entry = server.pool(pool).get(keyOf(trial, attempt));
      if (entry?.token === null) server.pool(pool).delete(keyOf(trial, attempt));
    },
    async onOffer(pool, callback) {
      open();
      const listeners = server.listeners.get(pool) ?? new Set();
      server.listeners.set(pool, listeners.add(callback));
      return async () => void listeners.delete(callback);
    },
    async waiting(pool) {
      open();
      return [...server.pool(pool).values()].filter((entry) => entry.token === null && entry.visibleAt <= Date.now()).length;
    },
    async tick(sweep, delayMs = 0) {
      open();
      if (delayMs > 0) server.later(delayMs, () => ticks.want(sweep));
      else ticks.want(sweep);
    },
    async onTick(handler) {
      open();
      me.onTick = handler;
      for (const sweep of server.ticks.keys()) ticks.start(sweep);
    },
    async every(name, everyMs, handler) {
      open();
      startChore(server, me, { name, everyMs, handler });
    },
    async inspect() {
      return { backend: 'memory', version: '1', warnings: [] };
    },
    async ping() {
      open();
    },
    async close() {
      me.closed = true;
      server.leave(me);
      for (const timer of me.timers) clearTimeout(timer);
      await Promise.allSettled(me.work);
    },
  };
}

function memoryOffers(server: MemoryServer, lockMs: number) {
  const show = (pool: string, entry: Entry, delayMs: number): void => {
    entry.token = null;
    entry.visibleAt = Date.now() + delayMs;
    const due = entry.visibleAt;
    const appear = (): void => {
      // A timer may fire a millisecond before the clock says so.
      if (entry.visibleAt === due) entry.visibleAt = 0;
      server.ring(pool);
    };
    if (delayMs > 0) server.later(delayMs, appear);
    else appear();
  };
  return {
    add(pool: string, { trial, attempt, delayMs }: { readonly trial: TrialId; readonly attempt: number; readonly delayMs: number }): void {
      const entries = server.pool(pool);
      if (entries.has(keyOf(trial, attempt))) return;
      const entry: Entry = { trial, attempt, visibleAt: 0, token: null };
      entries.set(keyOf(trial, attempt), entry);
      show(pool, entry, delayMs);
    },
    take(pool: string): Offer | null {
      const entries = server.pool(pool);
      const entry = [...entries.values()].find(({ token, visibleAt }) => token === null && visibleAt <= Date.now());
      if (entry === undefined) return null;
      const token = Symbol('taker');
      entry.token = token;
      const mine = (): boolean => entry.token === token;
      server.later(lockMs, () => {
        if (mine()) show(pool, entry, 0);
      });
      return {
        trial: entry.trial,
        attempt: entry.attempt,
        async done() {
          if (mine()) entries.delete(keyOf(entry.trial, entry.attempt));
        },
        async giveBack(delayMs) {
          if (mine()) show(pool, entry, delayMs);
        },
      };
    },
  };
}

function memoryTicks(server: MemoryServer) {
  const start = (sweep: SweepId): void => {
    const state = server.ticks.get(sweep);
    const runner = [...server.controllers].find((controller) => controller.onTick !== null);
    if (state === undefined || runner === undefined || state.active || !state.wanted) return;
    state.active = true;
    state.wanted = false;
    const work = run(sweep, state, runner).finally(() => runner.work.delete(work));
    runner.work.add(work);
  };
  const run = async (sweep: SweepId, state: SweepTicks, { onTick }: Controller): Promise<void> => {
    try {
      await onTick?.(sweep);
      state.failures = 0;
    } catch {
      state.failures++;
      state.wanted = true;
    }
    const again = (): void => {
      state.active = false;
      start(sweep);
      if (!state.active && !state.wanted) server.ticks.delete(sweep);
    };
    // Active while it waits for its next try, so that nothing else starts it meanwhile.
    if (state.failures > 0) server.later(backOffMs(state.failures), again);
    else queueMicrotask(again);
  };
  return {
    start,
    want(sweep: SweepId): void {
      const state = server.ticks.get(sweep) ?? { active: false, wanted: false, failures: 0 };
      state.wanted = true;
      server.ticks.set(sweep, state);
      start(sweep);
    },
  };
}

function startChore(
  server: MemoryServer,
  me: Controller,
  { name, everyMs, handler }: { readonly name: string; readonly everyMs: number; readonly handler: () => Promise<void> },
): void {
  const chore = server.chores.get(name) ?? { next: 0, busy: false };
  server.chores.set(name, chore);
  const run = async (): Promise<void> => {
    chore.busy = true;
    // As with the real one, a chore that throws is tried again at its next time.
    await Promise.allSettled([handler()]);
    chore.busy = false;
  };
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (timer !== undefined) me.timers.delete(timer);
    if (!chore.busy && chore.next <= Date.now()) {
      chore.next = Date.now() + everyMs;
      const work = run().finally(() => me.work.delete(work));
      me.work.add(work);
    }
    if (me.closed) return;
    timer = setTimeout(look, Math.max(1, Math.min(everyMs, chore.next - Date.now())));
    me.timers.add(timer);
  };
  look();
}
