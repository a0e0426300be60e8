/**
 * One attempt from its grant (or from the journal) to its report.
 *
 *     prepare ─► start ─► watch ─► end: nothing left alive, points drained ─► result handed to the uplink ─► files ─► cleared
 *
 * Owns the order of these steps. States are `attempt.ts`; every step is journalled there first.
 */
import { type Gpu, Invalid, SweepError, Unavailable } from '@sweep/domain';
import type { FinishedAck } from '@sweep/protocol';
import type { Clock, Logger } from '@sweep/runtime';
import type { Attempt, StopOrder } from './attempt.js';
import { sourcesOf } from './attempt-sources.js';
import type { AttemptBlobs } from './blobs.js';
import { type Census, takeCensus } from './census.js';
import { type Child, findAgain, type Keeper } from './child.js';
import { Collector } from './collector.js';
import { startProblem } from './command.js';
import { Counters } from './counters.js';
import { isDiskFull } from './durable-file.js';
import { marksOf } from './environment.js';
import type { GpuSampler } from './gpu/reading.js';
import type { ExitFile, SpawnFile } from './keeper.js';
import type { Leaders } from './leaders.js';
import { finishedOf, neverStarted, wantsCheckpoint } from './outcome.js';
import { readEnd } from './output.js';
import { type PreparationParts, type Prepared, prepare } from './preparation.js';
import { isAlive } from './processes.js';
import { killProcesses, type Remains, signalAll, stopProcesses } from './stopping.js';
import { systemMetrics } from './system-metrics.js';
import { type Uplink, UplinkStream } from './uplink.js';
import type { AttemptPaths } from './workdir.js';

export interface ExecutionParts extends PreparationParts {
  readonly keeper: Keeper;
  readonly uplink: Uplink;
  readonly blobs: AttemptBlobs;
  readonly sampler: GpuSampler;
  readonly leaders: Leaders;
  readonly clock: Clock;
  readonly log: Logger;
  /** Between SIGTERM and SIGKILL. */
  readonly termTimeoutMs: number;
  /** Of the controller; for programs that must not outlive their lease. */
  readonly leaseTtlMs: () => number;
  readonly onStarted: (execution: Execution) => void;
  /** Its slots are free and its result, if any, has been sent. */
  readonly onFreed: (execution: Execution) => void;
  readonly onEnded: (execution: Execution) => void;
  /** Its files are stored; that they are announced is not known yet. */
  readonly onFiled: () => void;
  /** Nothing of it is left to do: it is out of the journal. */
  readonly onGone: (execution: Execution) => void;
}

/** What a program's leftovers get to end well, before they are killed. */
const leftoverGraceMs = 2_000;
const lastWordsBytes = 16 * 1024;
/** A timer of more than 2^31 ms fires at once. */
const longestTimerMs = 1_000_000_000;

export class Execution {
  readonly attempt: Attempt;
  /** When the lease was last known to be ours, milliseconds since the epoch. */
  renewedAt: number;
  /** The end of what the program printed; set when it is over and its exit code was not 0. */
  lastWords = '';
  private readonly paths: AttemptPaths;
  private readonly stream: UplinkStream;
  private readonly log: Logger;
  private readonly halt = new AbortController();
  private order: StopOrder | null;
  private graceMs: number;
  private remains: Remains | null = null;
  private counters: Counters | null = null;
  private stopped: Promise<boolean> | null = null;
  private signalled = false;
  private filesDone = false;
  private isGone = false;
  private running = false;
  private finalState: string | null = null;

  constructor(
    attempt: Attempt,
    private readonly gpus: readonly Gpu[] | null,
    private readonly parts: ExecutionParts,
  ) {
    const { grant } = attempt;
    this.attempt = attempt;
    this.order = attempt.record.stop;
    this.graceMs = parts.termTimeoutMs;
    this.renewedAt = parts.clock.now();
    this.paths = parts.workdir.attempt(grant);
    this.log = parts.log.child({ sweep: grant.sweepId, trial: grant.trialId, attempt: grant.attempt, lease: grant.leaseId });
    parts.workdir.make(this.paths);
    this.stream = new UplinkStream({
      leaseId: grant.leaseId,
      spoolPath: this.paths.spool,
      stdoutPath: this.paths.stdout,
      stderrPath: this.paths.stderr,
    });
    parts.uplink.add(this.stream);
  }

  get leaseId(): string {
    return this.attempt.grant.leaseId;
  }

  get stopOrder(): StopOrder | null {
    return this.order;
  }

  /** Somebody called `run`. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Resolves when the attempt is over and its result, if any, is on its way. */
  async run(): Promise<void> {
    this.running = true;
    if (this.attempt.isOver) {
      await this.lookAtOutput();
      return this.report();
    }
    if (this.attempt.state !== 'preparing') {
      const child = await findAgain(this.paths.folder, marksOf(this.attempt.grant), this.parts.clock);
      return this.watch(child, [], null);
    }
    const prepared = await this.prepareOrFail();
    if (prepared !== null) await this.start(prepared);
  }

  /** The first order counts; a later one can only be more hurried. */
  stop(order: StopOrder, graceMs = this.parts.termTimeoutMs): void {
    if (this.attempt.isOver) return;
    if (this.order !== null && graceMs >= this.graceMs) return;
    this.order ??= order;
    this.graceMs = graceMs;
    this.halt.abort();
    if (this.stopped === null) this.terminate();
    else if (graceMs === 0 && this.remains !== null) void killProcesses(this.remains, this.parts.clock);
  }

  forward(signal: NodeJS.Signals): void {
    if (this.remains !== null && !this.attempt.isOver) signalAll(this.remains, signal);
  }

  finishAcknowledged({ state, reason }: FinishedAck): void {
    this.finalState = state;
    this.stream.finishAcknowledged();
    if (this.attempt.state === 'exited') this.attempt.enter('reported');
    this.log.info({ state, reason }, 'result counted');
    this.clearIfDone();
  }

  /** The controller knows nothing of the lease. */
  forget(reason: string): void {
    this.stop({ kind: 'forget', reason }, 0);
    this.filesDone = true;
    this.parts.uplink.remove(this.leaseId);
    if (this.attempt.isOver) this.clear();
  }

  /** It cannot go on: its processes are killed, and the trial is tried again when the lease runs out. */
  abandon(): void {
    if (this.remains !== null) void killProcesses(this.remains, this.parts.clock);
    this.parts.uplink.remove(this.leaseId);
    this.parts.onFreed(this);
    this.clear();
  }

  clearIfDone(): void {
    if (this.attempt.isOver && this.filesDone && this.stream.isDone) this.clear();
  }

  private async prepareOrFail(): Promise<Prepared | null> {
    const { clock } = this.parts;
    for (let tries = 0; ; tries++) {
      if (this.order !== null) break;
      try {
        const prepared = await prepare(this.attempt.grant, this.paths, this.gpus, this.parts);
        const problem = startProblem(prepared.argv, prepared.cwd, prepared.environment);
        if (problem !== null) throw new Invalid(problem);
        if (this.order === null) return prepared;
      } catch (error) {
        if (!(error instanceof Unavailable)) {
          this.log.warn({ err: error }, 'the program could not be prepared');
          await this.end(neverStarted(this.attempt.grant, isDiskFull(error) ? 'no-space' : 'start-failed', messageOf(error)));
          return null;
        }
        await clock.sleep(Math.min(1_000 * 2 ** tries, 30_000), this.halt.signal);
      }
    }
    const givenUp = this.order?.kind === 'away' || this.order?.kind === 'leave';
    await this.end(givenUp ? null : neverStarted(this.attempt.grant, '', `stopped before it started: ${this.order?.reason}`));
    return null;
  }

  private async start({ argv, cwd, environment }: Prepared): Promise<void> {
    const { grant } = this.attempt;
    this.attempt.enter('running', { cwd, startedAt: this.parts.clock.now() });
    const killWhenAloneMs = grant.stopWhileAway ? this.parts.leaseTtlMs() / 4 : null;
    const program = { id: grant.leaseId, argv, cwd, environment, folder: this.paths.folder, marks: marksOf(grant), killWhenAloneMs };
    const census = takeCensus();
    const child = await this.parts.keeper.start(program);
    if (child.spawned !== null) this.parts.onStarted(this);
    await this.watch(child, argv, census);
  }

  private async watch(child: Child, argv: readonly string[], census: Census | null): Promise<void> {
    const { clock } = this.parts;
    if (child.spawned !== null) {
      this.remains = { leader: child.spawned, marks: marksOf(this.attempt.grant), census };
      this.parts.leaders.note(child.spawned.pid, this.leaseId);
    }
    this.counters = new Counters(
      (this.gpus ?? []).map(({ uuid }) => uuid),
      this.parts.sampler,
    );
    const collector = this.collect(child.spawned);
    const limit = this.limitTime();
    if (this.order !== null) this.terminate();
    const exit = await child.exited;
    limit.abort();
    if (this.remains !== null) {
      const nothingLeft = (await this.stopped) ?? (await stopProcesses(this.remains, leftoverGraceMs, clock));
      if (!nothingLeft) this.log.error({ pid: this.remains.leader.pid }, 'some processes of the trial could not be killed');
    }
    await collector.finish();
    await this.settle(exit, argv);
  }

  private async settle(exit: ExitFile, argv: readonly string[]): Promise<void> {
    const { grant } = this.attempt;
    // A good end needs no explanation, and the slot waits for the result.
    const [stdout, stderr] =
      exit.code === 0
        ? ['', '']
        : await Promise.all([readEnd(this.paths.stdout, lastWordsBytes), readEnd(this.paths.stderr, lastWordsBytes)]);
    this.lastWords = `${stdout}\n${stderr}`;
    const { signalled, order: stop } = this;
    const { lastSequence } = this.stream.spool;
    const failed = exit.code !== 0 && !signalled;
    const counted = failed ? await this.counters!.against(exit, this.remains?.leader.pid ?? null, this.lastWords) : null;
    const finished = finishedOf({ grant, argv, exit, stop, signalled, lastSequence, stdout, stderr, counted });
    if (wantsCheckpoint(finished, stop)) await this.storeCheckpoint();
    await this.end(finished);
  }

  private async end(finished: ReturnType<typeof finishedOf>): Promise<void> {
    await this.lookAtOutput();
    this.attempt.enter('exited', { finished, stop: this.order });
    this.parts.onEnded(this);
    await this.report();
  }

  private async report(): Promise<void> {
    const { finished } = this.attempt.record;
    if (this.order?.kind === 'forget') {
      this.parts.onFreed(this);
      this.clear();
      return;
    }
    if (finished === null) this.parts.onFreed(this);
    else this.stream.finish(finished, () => this.parts.onFreed(this));
    this.parts.uplink.wake();
    await this.storeOutputs();
    this.filesDone = true;
    this.clearIfDone();
    this.parts.onFiled();
  }

  private terminate(): void {
    if (this.remains === null || this.order === null || this.attempt.isOver) return;
    if (this.attempt.state === 'running') this.attempt.enter('stopping', { stop: this.order });
    this.signalled = isAlive(this.remains.leader);
    this.log.info({ stop: this.order }, 'stopping the program');
    this.stopped = stopProcesses(this.remains, this.graceMs, this.parts.clock);
  }

  private limitTime(): AbortController {
    const done = new AbortController();
    if (this.attempt.grant.timeoutMs > 0) void this.stopAtLimit(done.signal);
    return done;
  }

  private async stopAtLimit(done: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const { timeoutMs } = this.attempt.grant;
    const end = (this.attempt.record.startedAt ?? 0) + timeoutMs;
    while (!done.aborted && clock.now() < end) await clock.sleep(Math.min(end - clock.now(), longestTimerMs), done);
    if (!done.aborted) this.stop({ kind: 'timeout', reason: `longer than the time limit of ${timeoutMs / 1000} s` });
  }

  private collect(spawned: SpawnFile | null): Collector {
    const { clock, sampler, uplink, leaders } = this.parts;
    const { startedAt } = this.attempt.record;
    const system =
      spawned === null
        ? null
        : systemMetrics(
            spawned.pid,
            (this.gpus ?? []).map(({ uuid }) => uuid),
            sampler,
          );
    return new Collector({
      sources: sourcesOf(this.attempt.record, this.paths, { cwd: this.parts.cwd, leaders, now: () => clock.now(), log: this.log }),
      spool: this.stream.spool,
      clock,
      system: system && ((now) => system.measure({ step: Math.round((now - (startedAt ?? now)) / 1000), now })),
      onLook: async () => {
        this.counters?.look();
        await this.lookAtOutput();
        uplink.wake();
      },
      onError: (error) => this.log.error({ err: error }, 'points could not be read'),
    });
  }

  private async lookAtOutput(): Promise<void> {
    await Promise.all(this.stream.outputs.map((output) => output.look()));
  }

  /** Before the result, so that the next attempt's grant can name it. */
  private async storeCheckpoint(): Promise<void> {
    await this.storing(async () => {
      const stored = await this.parts.blobs.storeCheckpoint(this.leaseId, this.paths.checkpoint);
      if (stored !== null) this.stream.store(stored);
    });
  }

  private async storeOutputs(): Promise<void> {
    await this.storing(async () => {
      for await (const stored of this.parts.blobs.storeOutputs(this.leaseId, this.paths.output)) {
        this.stream.store(stored);
        this.parts.uplink.wake();
      }
    });
  }

  /** What the controller refuses (too large, not allowed) is not tried again, and never costs the result. */
  private async storing(work: () => Promise<void>): Promise<void> {
    const failure = await this.parts.blobs.withRetries(work, this.parts.clock);
    if (failure !== null) this.log.error({ err: failure }, 'files could not be stored');
  }

  private clear(): void {
    if (this.isGone) return;
    this.isGone = true;
    this.stream.close();
    this.parts.uplink.remove(this.leaseId);
    this.removeFiles().catch((error: unknown) => this.log.error({ err: error }, 'the files of an attempt could not be removed'));
  }

  /** Beside everything else: the next program on the slot is being started at this moment. */
  private async removeFiles(): Promise<void> {
    try {
      await this.parts.workdir.clear(this.paths, { checkpoint: this.finalState === 'queued' || this.attempt.record.finished === null });
    } finally {
      this.attempt.forget();
      this.parts.onGone(this);
    }
  }
}

function messageOf(error: unknown): string {
  if (error instanceof SweepError) return error.message;
  return error instanceof Error ? `the trial could not be prepared: ${error.message}` : String(error);
}
