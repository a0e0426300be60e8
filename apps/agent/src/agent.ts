/**
 * The agent: which attempts it has, which slots are free, and when it leaves.
 *
 *     working ──signal, --count, flapping, Drain──► draining ──no program left──► flushing ──all acknowledged──► over
 *
 * The one owner of these; executions and the session tell it what happened. No new work is asked for once it drains.
 */
import { exitTryAgain, type Gpu, Unavailable, unreachable } from '@sweep/domain';
import {
  type AgentMessage,
  type ControllerMessage,
  type Grant,
  type Hello,
  protocolVersion,
  type Renewed,
  VerdictKind,
  type Welcome,
} from '@sweep/protocol';
import type { Clock, Logger } from '@sweep/runtime';
import { Attempt, type StopKind } from './attempt.js';
import { lastLines } from './evidence.js';
import { Execution, type ExecutionParts } from './execution.js';
import { decideFlapping, type Ended, type FlappingRules } from './flapping.js';
import type { Journal } from './journal.js';
import { neverStarted } from './outcome.js';
import type { SessionListener } from './session.js';
import type { Slots } from './slots.js';
import type { Uplink } from './uplink.js';
import type { UsageTeller } from './usage.js';

export interface AgentParts {
  readonly identity: Pick<Hello, 'agentVersion' | 'name' | 'pool' | 'sweepId'> & { readonly machine: NonNullable<Hello['machine']> };
  readonly journal: Journal;
  readonly slots: Slots;
  readonly gpus: readonly Gpu[] | null;
  readonly uplink: Uplink;
  readonly usage: UsageTeller;
  readonly execution: Omit<ExecutionParts, 'leaseTtlMs' | 'onStarted' | 'onFreed' | 'onEnded' | 'onFiled' | 'onGone'>;
  /** Leave after so many trials. */
  readonly count: number | null;
  readonly flapping: FlappingRules;
  readonly clock: Clock;
  readonly log: Logger;
  /** One line for people. */
  readonly say: (line: string) => void;
}

export interface Departure {
  readonly reason: string;
  readonly exitCode: number;
}

/** Of a lease's life: an attempt that must not outlive it is told to stop here, and killed a quarter later. */
const awayStopShare = 2 / 3;
const awayGraceShare = 1 / 4;
const fallbackTtlMs = 30_000;

export class Agent implements SessionListener {
  private readonly executions = new Map<string, Execution>();
  private readonly ended: Ended[] = [];
  private readonly startedAt: number;
  private send: ((message: AgentMessage) => Promise<void>) | undefined;
  private leaseTtlMs = fallbackTtlMs;
  private departure: Departure | null = null;
  private readonly renewSentAt: number[] = [];
  /** Slots whose grant the session owes us. */
  private readonly announced = new Set<number>();
  private started = 0;
  private lastWaiting = '';
  private onIdle: () => void = () => undefined;
  private isAway = false;

  constructor(private readonly parts: AgentParts) {
    this.startedAt = parts.clock.now();
    for (const record of parts.journal.found) this.adopt(Attempt.resume(record, parts.journal));
  }

  /** Resolves when the agent drains and nothing is left to do. */
  readonly done = new Promise<void>((resolve) => {
    this.onIdle = resolve;
  });

  get exitCode(): number {
    return this.departure?.exitCode ?? 0;
  }

  /** Attempts whose results or files the controller does not have yet. */
  get undelivered(): number {
    return this.executions.size;
  }

  /** Of all attempts that are not over and done with. */
  get grants(): readonly Grant[] {
    return [...this.executions.values()].map(({ attempt }) => attempt.grant);
  }

  get isDraining(): boolean {
    return this.departure !== null;
  }

  get hasLivePrograms(): boolean {
    return [...this.executions.values()].some(({ attempt }) => !attempt.isOver);
  }

  hello(): Hello {
    const { identity, journal, slots } = this.parts;
    const held = [...this.executions.values()].map(({ attempt }) => {
      const { leaseId, trialId, attempt: number, slots: taken } = attempt.grant;
      return { leaseId, trialId, attempt: number, slot: taken[0] ?? 0, ended: attempt.isOver };
    });
    const all = slots.all.map((slot) => ({ index: slot.index, gpuUuids: [...slot.gpus] }));
    return { protocolVersion, agentId: journal.agentId, ...identity, slots: all, held };
  }

  onWelcome(welcome: Welcome, send: (message: AgentMessage) => Promise<void>): void {
    const { uplink, usage, clock, say } = this.parts;
    this.send = send;
    this.renewSentAt.length = 0;
    this.announced.clear();
    if (welcome.leaseTtlMs > 0) this.leaseTtlMs = welcome.leaseTtlMs;
    for (const { leaseId, kind, reason } of welcome.verdicts) {
      const execution = this.executions.get(leaseId);
      if (kind === VerdictKind.FORGET) execution?.forget(reason);
      else if (kind === VerdictKind.STOP) execution?.stop({ kind: 'stale', reason });
    }
    for (const execution of this.executions.values()) {
      execution.renewedAt = clock.now();
      // What an earlier agent did not get to start: only the controller knows whether it is still wanted.
      if (execution.attempt.state === 'preparing' && !execution.isRunning) this.run(execution);
    }
    say(this.isAway ? 'connected again' : `connected as ${this.parts.identity.name}`);
    this.isAway = false;
    uplink.attach(send, welcome.acknowledged);
    usage.attach(send, welcome.usageEveryMs);
    this.announce();
    this.leaveIfDone();
  }

  onAway(reason: string): void {
    this.send = undefined;
    this.parts.uplink.detach();
    this.parts.usage.detach();
    const isLeaving = this.departure !== null && this.executions.size === 0;
    if (!this.isAway && !isLeaving) this.parts.say(`away from the controller: ${reason}`);
    this.isAway = true;
    this.parts.log.warn({ reason }, 'away from the controller');
  }

  mayLeave(): boolean {
    return !this.hasLivePrograms;
  }

  /** The one catch of the message loop: a full disk, say, must cost one trial and not the conversation. */
  onMessage(message: ControllerMessage): void {
    try {
      this.handle(message);
    } catch (error) {
      this.parts.log.error({ err: error, message: message.$case }, 'a message could not be dealt with');
      this.parts.say(`${message.$case}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private handle(message: ControllerMessage): void {
    const execution = 'leaseId' in message.value ? this.executions.get(message.value.leaseId) : undefined;
    switch (message.$case) {
      case 'grant':
        this.onGrant(message.value);
        break;
      case 'renewed':
        this.onRenewed(message.value);
        break;
      case 'stop':
        this.onStop(message.value.leaseId, message.value);
        break;
      case 'acknowledged':
        this.parts.uplink.acknowledge(message.value);
        execution?.clearIfDone();
        break;
      case 'finishedAck':
        execution?.finishAcknowledged(message.value);
        break;
      case 'drain':
        this.drain({ reason: message.value.reason || 'the controller asked', exitCode: 0 });
        break;
      case 'nothing':
        this.onNothing(message.value.because);
        break;
      case 'reconnect':
        break;
      default:
        unreachable(message);
    }
  }

  async renew(): Promise<void> {
    const leaseIds = [...this.executions.values()].filter(({ attempt }) => !attempt.isOver).map(({ leaseId }) => leaseId);
    this.renewSentAt.push(this.parts.clock.now());
    this.parts.uplink.renewalSent();
    await this.tell({ $case: 'renew', value: { leaseIds } });
  }

  /** Called often: ends what must not run while nobody can be told whether its lease still stands. */
  guardLeases(): void {
    const now = this.parts.clock.now();
    for (const execution of this.executions.values()) {
      if (!execution.attempt.grant.stopWhileAway || execution.attempt.isOver) continue;
      if (now - execution.renewedAt < this.leaseTtlMs * awayStopShare) continue;
      execution.stop({ kind: 'away', reason: 'the controller is out of reach and the sweep says stop' }, this.leaseTtlMs * awayGraceShare);
    }
  }

  drain(departure: Departure): void {
    if (this.departure === null) {
      this.departure = departure;
      this.parts.say(`no new trials: ${departure.reason}`);
      void this.tell({ $case: 'leaving', value: { reason: departure.reason, gone: false } });
    }
    this.leaveIfDone();
  }

  stopAll(kind: StopKind, reason: string, graceMs?: number): void {
    for (const execution of this.executions.values()) execution.stop({ kind, reason }, graceMs);
  }

  forward(signal: NodeJS.Signals): void {
    for (const execution of this.executions.values()) execution.forward(signal);
  }

  async sayGoodbye(): Promise<void> {
    await this.tell({ $case: 'leaving', value: { reason: this.departure?.reason ?? '', gone: true } });
  }

  private adopt(attempt: Attempt): void {
    const execution = this.make(attempt);
    const taken = attempt.grant.slots.filter((slot) => this.parts.slots.canTake([slot]));
    if (!attempt.isOver) this.parts.slots.take(attempt.grant.leaseId, taken);
    if (attempt.state !== 'preparing') this.run(execution);
  }

  private onGrant(grant: Grant): void {
    const { slots, journal, identity, log } = this.parts;
    if (this.executions.has(grant.leaseId)) return;
    for (const slot of grant.slots) this.announced.delete(slot);
    if (!slots.canTake(grant.slots)) {
      const detail = `slots ${grant.slots.join(', ')} are not free on ${identity.name}`;
      log.error({ lease: grant.leaseId }, detail);
      void this.tell({ $case: 'finished', value: { ...neverStarted(grant, '', detail), exitCode: exitTryAgain, signalled: false } });
      return;
    }
    const execution = this.make(Attempt.begin(grant, journal));
    slots.take(grant.leaseId, grant.slots);
    this.started++;
    this.lastWaiting = '';
    this.run(execution);
  }

  private make(attempt: Attempt): Execution {
    const uuids = this.parts.slots.gpus(attempt.grant.slots);
    const gpus = this.parts.gpus?.filter(({ uuid }) => uuids.includes(uuid)) ?? null;
    const execution = new Execution(attempt, gpus, {
      ...this.parts.execution,
      leaseTtlMs: () => this.leaseTtlMs,
      onStarted: () => this.sayStarted(attempt, uuids),
      onFreed: () => this.onFreed(attempt.grant.leaseId),
      onEnded: (ended) => this.onEnded(ended),
      onFiled: () => this.leaveIfDone(),
      onGone: () => {
        this.executions.delete(attempt.grant.leaseId);
        this.leaveIfDone();
      },
    });
    this.executions.set(attempt.grant.leaseId, execution);
    return execution;
  }

  private run(execution: Execution): void {
    const { log, say } = this.parts;
    execution
      .run()
      .catch((error: unknown) => {
        // The disk or our own mistake: this attempt cannot go on, the others can. Its lease runs out and the trial is tried elsewhere.
        log.error({ err: error, lease: execution.leaseId }, 'an attempt failed inside the agent');
        say(`trial ${execution.attempt.title}: ${error instanceof Error ? error.message : String(error)}`);
        execution.abandon();
      })
      .catch((error: unknown) => log.error({ err: error, lease: execution.leaseId }, 'an attempt could not be given up'));
  }

  private onFreed(leaseId: string): void {
    this.parts.slots.free(leaseId);
    this.announce();
    this.leaveIfDone();
  }

  private onEnded(execution: Execution): void {
    const { finished } = execution.attempt.record;
    const { say, clock, flapping, count } = this.parts;
    say(
      `trial ${execution.attempt.title} ended: ${finished?.detail ?? execution.stopOrder?.reason ?? 'nobody saw how; it will be tried again'}`,
    );
    const failed = finished !== null && execution.stopOrder === null && (finished.exitCode > 0 || finished.evidence === 'start-failed');
    this.ended.push({ failed, afterMs: clock.now() - this.startedAt });
    const why = decideFlapping(this.ended, flapping);
    if (why !== null && this.departure === null) {
      say('the last lines of the last one:');
      for (const line of lastLines(execution.lastWords, 10)) say(`  ${line}`);
      this.drain({ reason: why, exitCode: 1 });
    } else if (count !== null && this.ended.length >= count) this.drain({ reason: `${count} trials have ended`, exitCode: 0 });
  }

  private onStop(leaseId: string, { kind, reason }: { kind: string; reason: string }): void {
    this.executions.get(leaseId)?.stop({ kind: kind === 'prune' || kind === 'cancel' ? kind : 'stale', reason });
  }

  private onRenewed({ renewals }: Renewed): void {
    const sentAt = this.renewSentAt.shift() ?? this.parts.clock.now();
    this.parts.uplink.renewalAnswered();
    for (const { leaseId, current, stop } of renewals) {
      const execution = this.executions.get(leaseId);
      if (stop !== undefined) this.onStop(leaseId, stop);
      else if (!current) execution?.stop({ kind: 'stale', reason: 'the lease was replaced' });
      if (current && execution !== undefined) execution.renewedAt = sentAt;
    }
    for (const execution of [...this.executions.values()]) execution.clearIfDone();
    if (this.parts.uplink.hasFilesOnTheWay && this.departure !== null) void this.renew();
  }

  private onNothing(because: string): void {
    if (because !== '' && because !== this.lastWaiting) this.parts.say(`waiting: ${because}`);
    this.lastWaiting = because;
  }

  /** Each free slot once a session: a second word could cross its grant on the way, and the slot would be given twice. */
  private announce(): void {
    if (this.departure !== null || this.send === undefined) return;
    const { slots, count } = this.parts;
    // With a number of trials to run, no more may be asked for than are left of it.
    const left = count === null ? Number.POSITIVE_INFINITY : Math.max(0, count - this.started - this.announced.size);
    const fresh = slots.idle.filter((slot) => !this.announced.has(slot)).slice(0, left);
    for (const slot of fresh) this.announced.add(slot);
    if (fresh.length > 0) void this.tell({ $case: 'ready', value: { slots: fresh } });
  }

  /** Nobody to tell is no error: everything is said again on the next connection. */
  private async tell(message: AgentMessage): Promise<void> {
    try {
      await this.send?.(message);
    } catch (error) {
      if (!(error instanceof Unavailable)) this.parts.log.warn({ err: error }, 'the session is over');
    }
  }

  private leaveIfDone(): void {
    if (this.departure === null) return;
    if (this.parts.uplink.hasFilesOnTheWay && this.send !== undefined && this.renewSentAt.length === 0) void this.renew();
    if (this.executions.size === 0) this.onIdle();
  }

  private sayStarted({ title, grant }: Attempt, uuids: readonly string[]): void {
    const where = `slot ${grant.slots.join(', ')}${uuids.length > 0 ? ` (${uuids.join(', ')})` : ''}`;
    this.parts.say(`trial ${title} started on ${where}${grant.attempt > 1 ? `, attempt ${grant.attempt}` : ''}`);
  }
}
