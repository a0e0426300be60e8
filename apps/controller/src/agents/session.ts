/**
 * One agent's session, from its Welcome to its end.
 *
 *     Ready(slot) ──► free ──lease──► Grant ──► held ──Finished──► ended ──Ready──► free …
 *
 * Messages are handled in order. Points and output are handed to the group commit without waiting for it (acknowledged after
 * the commit), up to a bound; a Finished waits for the commits of its own attempt. Nothing here is remembered across sessions:
 * leases, sequences and offsets are in the store.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatch } from '@sweep/dispatch';
import {
  type Agent,
  type AgentId,
  type AttemptEnd,
  blobHash,
  evidences,
  Invalid,
  type LeaseId,
  type LeaseTimes,
  leaseId,
  type SweepId,
  type TrialId,
  Unavailable,
  unreachable,
} from '@sweep/domain';
import { type AgentMessage, type Finished, type Output, type Points, type SessionPeer, type Stored, unpackSeries } from '@sweep/protocol';
import type { Logger } from '@sweep/runtime';
import type { Store } from '@sweep/store';
import type { Caller } from '../auth/caller.js';
import type { Endings } from '../trials/endings.js';
import { type GrantParts, makeGrant } from './grant.js';
import type { HeldAttempt } from './held.js';
import type { Ingest } from './ingest.js';
import type { Returns } from './returns.js';
import type { Granted, Scheduler } from './scheduler.js';
import type { Usages } from './usages.js';

export interface SessionParts extends GrantParts {
  readonly store: Store;
  readonly dispatch: Dispatch;
  readonly scheduler: Scheduler;
  readonly ingest: Ingest;
  readonly endings: Endings;
  readonly returns: Returns;
  readonly usages: Usages;
  readonly times: LeaseTimes;
  /** Wakes a sweep when the program that was granted has had its moment to start. */
  readonly tickSoon: (sweep: SweepId) => void;
  readonly log: Logger;
}

const mostPendingBytes = 16 * 1024 * 1024;
const misfitDelayMs = 1_000;
/** An agent says that a slot is free right behind the result that freed it. */
const readyFollowsMs = 2;

export class Session {
  readonly #held = new Map<LeaseId, HeldAttempt>();
  /** Attempts that ended while their agent was away and their trials were given up: their results may still come. */
  readonly #late = new Set<LeaseId>();
  /** Those of them that were heard of since the agent renewed last. */
  readonly #speaking = new Set<LeaseId>();
  readonly #ready = new Set<number>();
  readonly #work = new Set<Promise<unknown>>();
  #pendingBytes = 0;
  #filling: Promise<void> | null = null;
  #wanted: 'nothing' | 'offers' | 'rows' = 'nothing';
  #ended = false;
  #draining: boolean;
  #quarantined: boolean;

  readonly agent: Agent;

  constructor(
    private readonly parts: SessionParts,
    private readonly who: { readonly agent: Agent; readonly caller: Caller },
    private readonly peer: SessionPeer,
  ) {
    this.agent = who.agent;
    this.#draining = who.agent.state === 'draining';
    this.#quarantined = who.agent.quarantine !== null;
  }

  get id(): AgentId {
    return this.agent.id;
  }

  hold(held: HeldAttempt): void {
    this.#held.set(held.attempt.lease, held);
  }

  /** Nothing is handed out before this result is heard, or the trial that it ends could be started once more. */
  awaitResult(lease: LeaseId): void {
    this.#late.add(lease);
  }

  setDraining(draining: boolean): void {
    this.#draining = draining;
    if (!draining) this.#fill('rows');
  }

  setQuarantined(quarantined: boolean): void {
    this.#quarantined = quarantined;
    if (!quarantined) this.#fill('rows');
  }

  /** The doorbell rang. */
  onOffer(): void {
    this.#fill('offers');
  }

  /** A stop that is wanted for one of this agent's trials: the shortcut beside the renew reply. */
  async pushStop(trial: TrialId): Promise<void> {
    const row = await this.parts.store.trials.find(trial);
    if (row?.lease?.agent !== this.agent.id || row.stop === null) return;
    await this.#send({ $case: 'stop', value: { leaseId: row.lease.id, ...row.stop } });
  }

  /** The attempt of a replaced lease: its agent is told at once, the renew reply would say the same. */
  async pushStale(lease: LeaseId, reason: string): Promise<void> {
    if (this.#held.has(lease)) await this.#send({ $case: 'stop', value: { leaseId: lease, kind: 'stale', reason } });
  }

  async finishedWork(reason: string): Promise<void> {
    await this.#send({ $case: 'drain', value: { reason, finished: true } });
  }

  end(error?: Error): void {
    this.#ended = true;
    this.peer.end(error);
  }

  async reconnect(afterMs: number): Promise<void> {
    await this.#send({ $case: 'reconnect', value: { afterMs } });
    this.end();
  }

  async receive(message: AgentMessage): Promise<void> {
    switch (message.$case) {
      case 'ready':
        for (const slot of message.value.slots) this.#ready.add(slot);
        return this.#fill('rows');
      case 'renew':
        this.#giveUpSilent();
        // The queue is a doorbell: one that sleeps (a wrong clock, a wiped server) delays work by one renewal at most.
        if (this.#ready.size > 0) this.#fill('rows');
        return this.#renew(message.value.leaseIds.map(leaseId));
      case 'points':
        return this.#points(message.value);
      case 'output':
        return this.#output(message.value);
      case 'finished':
        return this.#track(this.#finish(message.value));
      case 'stored':
        return this.#stored(message.value);
      case 'usage':
        return this.parts.usages.hear(this.agent, message.value);
      case 'leaving':
        await this.parts.store.agents.move(
          this.agent.id,
          ['online', 'draining'],
          message.value.gone ? 'offline' : 'draining',
          message.value.reason,
        );
        this.#draining = true;
        return;
      default:
        return unreachable(message);
    }
  }

  async closed(): Promise<void> {
    this.#ended = true;
    this.#ready.clear();
    await Promise.allSettled([...this.#work]);
  }

  async #renew(leases: readonly LeaseId[]): Promise<void> {
    await this.parts.store.agents.seen(this.agent.id);
    const renewals = await this.parts.store.trials.renew(this.agent.id, leases, this.parts.times.ttlMs);
    await this.#send({
      $case: 'renewed',
      value: {
        renewals: renewals.map(({ lease, current, stop }) => ({
          leaseId: lease,
          current,
          ...(stop === null ? {} : { stop: { leaseId: lease, ...stop } }),
        })),
      },
    });
  }

  async #points(message: Points): Promise<void> {
    const held = await this.#heldAttempt(leaseId(message.leaseId));
    const batch = {
      sequence: message.sequence,
      series: unpackSeries(message.series).map((series) => ({ ...series, name: storable(series.name) })),
    };
    const size = batch.series.reduce((sum, series) => sum + 24 * series.values.length + series.name.length, 0);
    const { run, number } = held.attempt;
    const commit = this.parts.ingest.points({ run, attempt: number, sweep: held.sweep }, batch).then((sequence) => {
      held.acked = { ...held.acked, points: sequence };
    });
    await this.#pending(held, commit, size);
  }

  async #output(message: Output): Promise<void> {
    const stream = streamOf(message.stream);
    const held = await this.#heldAttempt(leaseId(message.leaseId));
    const chunk = { run: held.attempt.run, attempt: held.attempt.number, stream, offset: message.offset, data: message.data };
    const commit = this.parts.ingest.log(chunk).then((length) => {
      held.acked = { ...held.acked, [stream]: length };
    });
    await this.#pending(held, commit, message.data.length);
  }

  /** Acknowledges after the commit; waits for it only when too much is on its way. */
  async #pending(held: HeldAttempt, commit: Promise<void>, size: number): Promise<void> {
    this.#pendingBytes += size;
    const acknowledged = commit
      .then(() =>
        this.#send({
          $case: 'acknowledged',
          value: {
            leaseId: held.attempt.lease,
            pointSequence: held.acked.points,
            stdoutBytes: held.acked.stdout,
            stderrBytes: held.acked.stderr,
          },
        }),
      )
      .finally(() => {
        this.#pendingBytes -= size;
      });
    held.pending = Promise.all([held.pending, commit]);
    held.pending.catch(() => undefined);
    this.#track(acknowledged);
    if (this.#pendingBytes > mostPendingBytes) await commit;
  }

  async #finish(message: Finished): Promise<void> {
    const held = await this.#heldAttempt(leaseId(message.leaseId));
    await held.pending;
    if (held.acked.points < message.lastSequence) {
      throw new Unavailable(
        `points of lease ${message.leaseId} are missing: have ${held.acked.points} of ${message.lastSequence}; send them again`,
      );
    }
    await this.#slotsServed();
    const trial = await this.parts.returns.finish(held.attempt, endOf(message));
    this.#held.delete(held.attempt.lease);
    this.#late.delete(held.attempt.lease);
    // A slot that was ready before this end may have found its sweep at the limit of `parallel`.
    if (this.#ready.size > 0) this.#fill('rows');
    await this.#send({ $case: 'finishedAck', value: { leaseId: message.leaseId, state: trial.state, reason: trial.reason ?? '' } });
  }

  /** The slot that an end frees gets its next trial first: it idles meanwhile, the accounts of the last one do not. */
  async #slotsServed(): Promise<void> {
    await pause(readyFollowsMs);
    // What goes wrong there ends the session by itself.
    await this.#filling?.catch(() => undefined);
  }

  async #stored(message: Stored): Promise<void> {
    const held = await this.#heldAttempt(leaseId(message.leaseId));
    if (message.kind !== 'output' && message.kind !== 'checkpoint') throw new Invalid(`unknown kind of file "${message.kind}"`);
    if (message.blob === undefined) throw new Invalid('a stored file names no blob');
    await this.parts.store.files.put({
      run: held.attempt.run,
      kind: message.kind,
      path: message.path,
      blob: blobHash(message.blob.hash),
      size: message.blob.size,
      md5: null,
    });
  }

  /** @throws Invalid for a lease that this agent never had */
  async #heldAttempt(lease: LeaseId): Promise<HeldAttempt> {
    if (this.#late.has(lease)) this.#speaking.add(lease);
    const known = this.#held.get(lease);
    if (known !== undefined) return known;
    const held = await this.parts.returns.recall(lease, this.agent.id);
    if (held === null) throw new Invalid(`agent ${this.agent.name} does not hold lease ${lease}`);
    this.#held.set(lease, held);
    return held;
  }

  /** One filler at a time; what is wanted meanwhile is done after. */
  #fill(want: 'offers' | 'rows'): void {
    if (this.#wanted !== 'rows') this.#wanted = want;
    if (this.#filling !== null || this.#ended) return;
    this.#filling = this.#fillAll();
    this.#track(this.#filling);
  }

  async #fillAll(): Promise<void> {
    try {
      while (this.#wanted !== 'nothing' && !this.#ended) {
        const want = this.#wanted;
        this.#wanted = 'nothing';
        if (want === 'rows') await this.#fillFromRows();
        await this.#fillFromOffers();
      }
    } finally {
      this.#filling = null;
    }
  }

  async #fillFromRows(): Promise<void> {
    while (this.#canTake()) {
      const granted = await this.parts.scheduler.lease(this.who, this.#free());
      // Slots that find nothing make their sweeps look again: there may be room for more proposals now.
      if (granted === null) return this.#tickSweeps();
      await this.#grant(granted);
      await this.parts.dispatch.withdraw(this.agent.pool, granted.trial.id, granted.trial.attempt);
    }
  }

  async #fillFromOffers(): Promise<void> {
    while (this.#canTake()) {
      const offer = await this.parts.dispatch.take(this.agent.pool);
      if (offer === null) return;
      const granted = await this.parts.scheduler.lease(this.who, this.#free());
      if (granted !== null) {
        await this.#grant(granted);
        await offer.done();
        continue;
      }
      const trial = await this.parts.store.trials.find(offer.trial);
      const stillWaits = trial?.state === 'queued' && trial.attempt + 1 === offer.attempt;
      if (!stillWaits) {
        await offer.done();
        continue;
      }
      // Somebody else's machine may fit, or a limit may be reached: visible again in a moment.
      return offer.giveBack(misfitDelayMs);
    }
  }

  async #grant(granted: Granted): Promise<void> {
    for (const slot of granted.slots) this.#ready.delete(slot);
    const { trial, attempt } = granted;
    const value = await makeGrant(this.parts, granted);
    this.hold({ attempt, sweep: trial.sweep, pending: Promise.resolve(), acked: { points: 0, stdout: 0, stderr: 0 } });
    await this.#send({ $case: 'grant', value });
    // What was taken from the queue is proposed anew.
    this.parts.tickSoon(trial.sweep);
  }

  async #tickSweeps(): Promise<void> {
    const sweeps = this.agent.sweep === null ? await this.parts.store.sweeps.idsIn(['pending', 'running']) : [this.agent.sweep];
    for (const sweep of sweeps) await this.parts.dispatch.tick(sweep);
  }

  #canTake(): boolean {
    return this.#ready.size > 0 && this.#late.size === 0 && !this.#draining && !this.#quarantined && !this.#ended;
  }

  /** An attempt whose end nobody saw sends no result. One that was long away has much to send before it. */
  #giveUpSilent(): void {
    if (this.#late.size === 0) return;
    for (const lease of this.#late) if (!this.#speaking.has(lease)) this.#late.delete(lease);
    this.#speaking.clear();
    this.#fill('rows');
  }

  #free(): readonly number[] {
    return [...this.#ready].sort((a, b) => a - b);
  }

  async #send(message: Parameters<SessionPeer['send']>[0]): Promise<void> {
    if (!this.#ended) await this.peer.send(message);
  }

  /** Work beside the order of messages: its failure ends the session, and the agent says everything again in the next one. */
  #track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => {
        if (this.#ended) return;
        this.parts.log.warn({ agent: this.agent.id, err: error }, 'session ended by an error');
        this.end(error instanceof Error ? error : new Error(String(error)));
      })
      .finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }
}

/** What programs name and say may hold a NUL, which PostgreSQL keeps in no text; a result is worth more than that character. */
const storable = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text);

function streamOf(name: string): 'stdout' | 'stderr' {
  if (name === 'stdout' || name === 'stderr') return name;
  throw new Invalid(`unknown stream "${name}"`);
}

function endOf(message: Finished): AttemptEnd {
  const evidence = evidences.find((candidate) => candidate === message.evidence) ?? null;
  return {
    exitCode: message.exitCode < 0 ? null : message.exitCode,
    signal: message.signal === '' ? null : storable(message.signal),
    signalled: message.signalled,
    evidence,
    detail: storable(message.detail),
  };
}
