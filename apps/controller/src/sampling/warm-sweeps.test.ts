import type { LogEntry } from '@sweep/store';
import { describe, expect, it } from 'vitest';
import type { ProposeTask, Question, Reply, SampledSweep } from './messages.js';
import { WarmSweeps } from './warm-sweeps.js';

const config = `program: t
method: bayes
metric: {name: loss, goal: minimize}
parameters: {x: {min: 0.0, max: 1.0}, k: {distribution: q_uniform, min: 0, max: 8}}
`;
const sweep = (change: Partial<SampledSweep> = {}): SampledSweep => ({ id: 'k3f9x2ab', revision: 1, config, seed: '7', ...change });

const ended = (number: number): LogEntry => ({
  number,
  params: `{"x":0.${number},"k":${number % 9}.0}`,
  state: 'completed',
  values: [Math.abs(number - 4)],
});
const live = (number: number): LogEntry => ({ number, params: `{"x":0.${number},"k":1.0}`, state: 'live', values: [] });
const log = Array.from({ length: 9 }, (_, index) => ended(index + 1));

const task = (change: Partial<ProposeTask> = {}): ProposeTask => ({
  kind: 'propose',
  renew: [],
  cursor: 9,
  count: 1,
  firstNumber: 11,
  thoroughness: 'full',
  ...change,
});
const question = (change: Partial<Question> = {}): Question => ({ sweep: sweep(), asOf: 9, newer: [live(10)], task: task(), ...change });

function knowing(entries: readonly LogEntry[] = log, id = sweep().id): WarmSweeps {
  const sweeps = new WarmSweeps(2);
  tell(sweeps, id, entries);
  return sweeps;
}

function tell(sweeps: WarmSweeps, id: string, entries: readonly LogEntry[]): void {
  sweeps.handle({ kind: 'open', sweep: id, priors: [] });
  sweeps.handle({ kind: 'learn', sweep: id, after: 0, entries });
}

const ask = (sweeps: WarmSweeps, asked: Question = question()): Reply => sweeps.handle({ kind: 'question', id: 1, ...asked })!;

describe('a thread that keeps sweeps warm', () => {
  it('answers the same, however it came to know the log, and whatever it was asked before', () => {
    const fresh = ask(knowing());
    expect(fresh).toMatchObject({ kind: 'proposed', cursor: 10, exhausted: false, added: [{ number: 11, index: 9 }] });

    const grown = new WarmSweeps(2);
    grown.handle({ kind: 'open', sweep: sweep().id, priors: [] });
    for (const [after, entry] of log.entries()) {
      grown.handle({ kind: 'learn', sweep: sweep().id, after, entries: [entry] });
      ask(grown, question({ asOf: after + 1, task: task({ cursor: after, count: 2 }) }));
    }
    expect(ask(grown)).toEqual(fresh);
  });

  it('uses no more of the log than it is asked to', () => {
    const early = question({ asOf: 6, task: task({ cursor: 6 }) });
    expect(ask(knowing(), early)).toEqual(ask(knowing(log.slice(0, 6)), early));
  });

  it('gives for several what it gives one after the other', () => {
    const reply = ask(knowing(), question({ task: task({ count: 2 }) }));
    const [first, second] = reply.kind === 'proposed' ? reply.added : [];
    const newer = [live(10), { ...live(11), params: first!.params }];
    expect(ask(knowing(), question({ newer, task: task({ cursor: 10, firstNumber: 12 }) }))).toMatchObject({ added: [second] });
  });

  it('chooses waiting trials again under their own indices, before it adds new ones', () => {
    const renew = [{ number: 11, params: '{"x":0.5,"k":3.0}', index: 9 }];
    const reply = ask(knowing(), question({ task: task({ renew, cursor: 10, firstNumber: 12 }) }));
    const alone = ask(knowing(), question({ task: task({ cursor: 9, count: 2, firstNumber: 11 }) }));
    if (reply.kind !== 'proposed' || alone.kind !== 'proposed') throw new Error('no answer');
    expect([...reply.renewed, ...reply.added]).toEqual(alone.added);
    expect(reply.cursor).toBe(11);
  });

  it('keeps whole floats whole', () => {
    const reply = ask(knowing());
    expect(reply.kind === 'proposed' && reply.added[0]!.params).toMatch(/"k":\d\.0/);
  });

  it('has prior results before the log', () => {
    const sweeps = new WarmSweeps(2);
    sweeps.handle({ kind: 'open', sweep: sweep().id, priors: log.map((entry) => ({ ...entry, number: -entry.number })) });
    expect(ask(sweeps, question({ asOf: 0, newer: [], task: { kind: 'recommend' } }))).toEqual({ kind: 'recommended', number: -4 });
  });

  it('tells what matters, by the log and what is newer, whatever the method', () => {
    const insight = (asked: SampledSweep): Reply =>
      ask(knowing(), question({ sweep: asked, newer: [ended(10), live(11)], task: { kind: 'insight' } }));
    const found = insight(sweep());
    expect(found).toMatchObject({ kind: 'insight', results: 10, outlook: { trials: 20 } });
    expect(found.kind === 'insight' && found.effects.map(({ key }) => key).sort()).toEqual(['["k"]', '["x"]']);
    expect(insight(sweep({ config: config.replace('bayes', 'random') }))).toEqual(found);
    expect(insight(sweep({ config: config.replace('bayes', 'custom\nscheduler: {engine: optuna}') }))).toMatchObject({
      kind: 'insight',
      results: 10,
    });
  });

  it('tells it anew once another trial has ended', () => {
    const sweeps = knowing();
    const insight = (newer: readonly LogEntry[]): Reply => ask(sweeps, question({ newer, task: { kind: 'insight' } }));
    const first = insight([live(10)]);
    expect(insight([live(10), live(11)])).toEqual(first);
    expect(insight([ended(10)])).toMatchObject({ results: 10 });
  });

  it('says what it lacks: the end of the log, or all of it', () => {
    expect(ask(new WarmSweeps(2))).toEqual({ kind: 'missing', known: null });
    expect(ask(knowing(log.slice(0, 4)))).toEqual({ kind: 'missing', known: 4 });
  });

  it('passes over what does not follow', () => {
    const sweeps = knowing(log.slice(0, 4));
    sweeps.handle({ kind: 'learn', sweep: sweep().id, after: 5, entries: log.slice(5) });
    sweeps.handle({ kind: 'learn', sweep: sweep().id, after: 0, entries: log });
    sweeps.handle({ kind: 'learn', sweep: 'another1', after: 0, entries: log });
    expect(ask(sweeps)).toEqual({ kind: 'missing', known: 4 });
  });

  it('forgets the one that was asked about least recently', () => {
    const sweeps = knowing();
    tell(sweeps, 'second22', log);
    ask(sweeps);
    tell(sweeps, 'third333', log);
    expect(ask(sweeps).kind).toBe('proposed');
    expect(ask(sweeps, question({ sweep: sweep({ id: 'second22' }) }))).toEqual({ kind: 'missing', known: null });
  });

  it('goes on with the same log after an edit, in the new space', () => {
    const sweeps = knowing();
    ask(sweeps);
    const edited = sweep({ revision: 2, config: config.replace('max: 1.0', 'max: 0.001') });
    const reply = ask(sweeps, question({ sweep: edited }));
    const [chosen] = reply.kind === 'proposed' ? reply.added : [];
    expect((JSON.parse(chosen!.params) as { x: number }).x).toBeLessThanOrEqual(0.001);
  });
});
