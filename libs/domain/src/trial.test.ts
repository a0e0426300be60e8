import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptEnd } from './failure.js';
import { agentId, leaseId, sweepId, trialId } from './ids.js';
import { knownPlace } from './retry.js';
import {
  applyTrialEvent,
  isLive,
  type Lease,
  type Measured,
  nothingMeasured,
  type Trial,
  type TrialEvent,
  type TrialRules,
} from './trial.js';

const noon = 1_700_000_000_000;
const rules: TrialRules = { retry: null, objectives: ['loss'], now: noon, place: knownPlace };

const lease = (id: string, agent = 'box-a'): Lease => ({ id: leaseId(id), agent: agentId(agent), slot: 0, expiresAt: noon + 30_000 });

const queued: Trial = {
  id: trialId('t0000001'),
  sweep: sweepId('s0000001'),
  number: 1,
  params: {},
  origin: 'sampler',
  retryOf: null,
  state: 'queued',
  reason: null,
  cause: null,
  attempt: 0,
  lease: null,
  stop: null,
  notBefore: null,
  lostBy: [],
  causes: [],
  ...nothingMeasured,
  createdAt: noon,
  startedAt: null,
  endedAt: null,
};

const running: Trial = { ...queued, state: 'running', attempt: 1, lease: lease('l1') };

const exit = (exitCode: number, change: Partial<AttemptEnd> = {}): AttemptEnd => ({
  exitCode,
  signal: null,
  signalled: false,
  evidence: null,
  detail: `exit code ${exitCode}`,
  ...change,
});

const measured = (value: number | null): Measured => ({ values: [value], limits: [20], curve: [[1, 0.75]] });

const ended = (end: AttemptEnd, id = 'l1', logged: readonly string[] = ['loss']): TrialEvent => ({
  kind: 'ended',
  lease: leaseId(id),
  end,
  measured: measured(logged.includes('loss') ? 0.5 : null),
  logged,
});

const lost: TrialEvent = { kind: 'lost', measured: measured(0.25) };

/** The trial after the event; fails the test when the event does not move it. */
function after(trial: Trial, event: TrialEvent, under: TrialRules = rules): Trial {
  const outcome = applyTrialEvent(trial, event, under);
  if (outcome.kind !== 'moved') throw new Error(`expected a move, got ${outcome.kind}`);
  return { ...trial, ...outcome.move };
}

describe('a queued trial', () => {
  it('runs under the lease it is given, as its next attempt', () => {
    expect(after(queued, { kind: 'leased', lease: lease('l1') })).toMatchObject({ state: 'running', attempt: 1, lease: { id: 'l1' } });
  });

  it('is not leased before its back-off is over', () => {
    const later = { ...queued, notBefore: noon + 1 };
    expect(applyTrialEvent(later, { kind: 'leased', lease: lease('l1') }, rules).kind).toBe('ignored');
  });

  it('is cancelled at once', () => {
    expect(after(queued, { kind: 'cancel', reason: 'asked' })).toMatchObject({ state: 'cancelled', reason: 'asked' });
  });
});

describe('a running trial', () => {
  it('is completed by exit 0 once its objective was logged', () => {
    expect(after(running, ended(exit(0)))).toMatchObject({ state: 'completed', ...measured(0.5), lease: null, counted: true });
  });

  it('is completed with an objective that is not finite: it was logged', () => {
    const event: TrialEvent = { kind: 'ended', lease: leaseId('l1'), end: exit(0), measured: measured(null), logged: ['loss'] };
    expect(after(running, event)).toMatchObject({ state: 'completed', values: [null] });
  });

  it('fails by exit 0 without its objective, and the reason names what was logged', () => {
    const trial = after(running, ended(exit(0), 'l1', ['val_loss']));
    expect(trial).toMatchObject({ state: 'failed', cause: 'no-objective', reason: 'you logged `val_loss`; the sweep wants `loss`' });
  });

  it('is completed by exit 0 alone when the sweep has no objective', () => {
    expect(after(running, ended(exit(0), 'l1', []), { ...rules, objectives: [] }).state).toBe('completed');
  });

  it('fails by its own exit code, with the cause and no retry', () => {
    expect(after(running, ended(exit(3)))).toMatchObject({ state: 'failed', cause: 'exit', reason: 'exit code 3' });
  });

  it('asks for another try with exit 75 and waits for its back-off', () => {
    expect(after(running, ended(exit(75)))).toMatchObject({ state: 'queued', notBefore: noon + 1_000, lease: null, counted: false });
  });

  it('goes back to the queue at once when it is lost, and remembers by whom', () => {
    expect(after(running, lost)).toMatchObject({ state: 'queued', notBefore: null, lostBy: ['box-a'], causes: ['lost'] });
    expect(after(running, lost)).toMatchObject(nothingMeasured);
  });

  it('fails when it is lost for the fourth time, naming the agents', () => {
    const unlucky: Trial = { ...running, causes: ['lost', 'lost', 'lost'], lostBy: [agentId('box-b'), agentId('box-c'), agentId('box-b')] };
    const trial = after(unlucky, lost);
    expect(trial).toMatchObject({ state: 'failed', cause: 'lost' });
    expect(trial.reason).toContain('box-b, box-c, box-b, box-a');
  });

  it('ignores the end of an attempt whose lease is not current', () => {
    expect(applyTrialEvent(running, ended(exit(0), 'older'), rules).kind).toBe('stale');
  });
});

describe('a trial that was asked to stop', () => {
  const pruning = after(running, { kind: 'prune', reason: 'rung 3' });

  it('is pruned when its program ends', () => {
    expect(after(pruning, ended(exit(1, { signal: 'SIGTERM', exitCode: null, signalled: true })))).toMatchObject({
      state: 'pruned',
      reason: 'rung 3',
      ...measured(0.5),
    });
  });

  it('is completed all the same when the program ended before the signal reached it', () => {
    expect(after(pruning, ended(exit(0))).state).toBe('completed');
  });

  it('is pruned when it is lost on the way, and keeps what it measured', () => {
    expect(after(pruning, lost)).toMatchObject({ state: 'pruned', ...measured(0.25) });
  });

  it('is cancelled when a person cancels it while it is being pruned', () => {
    expect(after(after(pruning, { kind: 'cancel', reason: 'asked' }), ended(exit(0))).state).toBe('cancelled');
  });
});

const takenAway: TrialEvent = { kind: 'taken-away', reason: 'quarantined', measured: nothingMeasured };

describe('a trial whose machine is taken out of service', () => {
  it('is queued for another, and it counts as no failure', () => {
    const away = after(running, takenAway);
    expect(away).toMatchObject({ state: 'queued', lease: null, causes: [], lostBy: [running.lease!.agent], reason: 'quarantined' });
  });

  it('is over if it was to be stopped anyway', () => {
    expect(after(after(running, { kind: 'prune', reason: 'rung' }), takenAway).state).toBe('pruned');
    expect(after(after(running, { kind: 'cancel', reason: 'asked' }), takenAway).state).toBe('cancelled');
  });
});

describe('a failure that may be of the machine', () => {
  it('sends the next attempt elsewhere', () => {
    const under: TrialRules = { ...rules, place: { suspect: true, another: true } };
    expect(after(running, ended(exit(1), 'l1'), under)).toMatchObject({
      state: 'queued',
      causes: ['exit'],
      lostBy: [running.lease!.agent],
    });
  });
});

const anyEvent: fc.Arbitrary<TrialEvent> = fc.oneof(
  fc.constantFrom('l1', 'l2', 'l3').map((id): TrialEvent => ({ kind: 'leased', lease: lease(id) })),
  fc.constant<TrialEvent>({ kind: 'cancel', reason: 'asked' }),
  fc.constant<TrialEvent>({ kind: 'prune', reason: 'rung' }),
  fc.constant(lost),
  fc.constant(takenAway),
  fc
    .tuple(fc.constantFrom(0, 1, 75), fc.constantFrom('l1', 'l2', 'l3'), fc.boolean())
    .map(([code, id, seen]) => ended(exit(code), id, seen ? ['loss'] : [])),
);

describe('no sequence of events', () => {
  it('gives a trial two leases, a lease while it does not run, or a way out of a terminal state', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let trial = queued;
        let counted = 0;
        const takenAways = events.filter(({ kind }) => kind === 'taken-away').length;
        for (const event of events) {
          const outcome = applyTrialEvent(trial, event, rules);
          if (outcome.kind !== 'moved') continue;
          expect(isLive(trial.state)).toBe(true);
          if (outcome.move.counted) counted++;
          trial = { ...trial, ...outcome.move };
          expect(trial.lease !== null).toBe(trial.state === 'running' || trial.state === 'stopping');
          expect(trial.attempt).toBeLessThanOrEqual(8 + takenAways);
        }
        // A result is counted once, and exactly when the trial is over (a trial cancelled in the queue has none).
        const hasResult = !isLive(trial.state) && trial.attempt > 0 && !(trial.state === 'cancelled' && counted === 0);
        expect(counted).toBe(hasResult ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });
});
