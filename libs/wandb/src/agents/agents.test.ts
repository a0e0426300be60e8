import { Invalid } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { exitCommands, noCommands, runCommands, stopCommands } from './command.js';
import { type Assignment, decideHeartbeat, type Heartbeat, handOut, liveRuns } from './heartbeat.js';

const noon = 1_790_000_000_000;
const idle: Heartbeat = { now: noon, assignment: null, begun: false, live: [], stop: null, sweep: 'handing-out' };
const seconds = (n: number): number => n * 1000;
/** An agent that was told to run r1 and has named it since. */
const busy: Assignment = { ...handOut('r1', noon - seconds(60)), seenLive: true };

describe('a W&B agent at its heartbeat', () => {
  it('is given the next trial when it has nothing to do', () => {
    expect(decideHeartbeat(idle)).toEqual({ command: { kind: 'next' }, assignment: null, closed: null });
  });

  it('is given nothing while its run is alive', () => {
    const decision = decideHeartbeat({ ...idle, assignment: handOut('r1', noon - seconds(5)), live: ['r1'] });
    expect(decision).toMatchObject({ command: { kind: 'none' }, assignment: { run: 'r1', seenLive: true }, closed: null });
  });

  it('that comes again at once did not get its run: it is told the same again', () => {
    const assignment = handOut('r1', noon - seconds(3));
    expect(decideHeartbeat({ ...idle, assignment })).toEqual({
      command: { kind: 'repeat', run: 'r1' },
      assignment,
      closed: null,
    });
  });

  it('that comes later is not told to run the same again: it may have just begun, or be over', () => {
    const { command } = decideHeartbeat({ ...idle, assignment: handOut('r1', noon - seconds(4)) });
    expect(command).toEqual({ kind: 'none' });
  });

  it('is given the next trial after its run said that it was over, though it never named the run', () => {
    // The run's own end has cleared the assignment.
    expect(decideHeartbeat({ ...idle, assignment: null }).command).toEqual({ kind: 'next' });
  });

  /** What it is told at so many heartbeats, 5 s apart, that never name the run which it was given before the first of them. */
  function silently(heartbeats: number, begun: boolean): readonly string[] {
    let assignment: Assignment | null = handOut('r1', noon);
    return Array.from({ length: heartbeats }, (_, at) => {
      const decision = decideHeartbeat({ ...idle, now: noon + seconds(5 * (at + 1)), assignment, begun });
      assignment = decision.assignment;
      return decision.closed === null ? decision.command.kind : `${decision.closed.why}, ${decision.command.kind}`;
    });
  }

  it('without a sign of its run is told of it once more at its second heartbeat, and loses it at its fourth', () => {
    expect(silently(4, false)).toEqual(['none', 'repeat', 'none', 'never-started, next']);
  });

  it('whose run reported something once it was told again has as long to say how it ended', () => {
    const told: Assignment = { ...handOut('r1', noon), missed: 2 };
    const first = decideHeartbeat({ ...idle, now: noon + seconds(15), assignment: told, begun: true });
    expect(first).toMatchObject({ closed: null, command: { kind: 'none' } });
    const second = decideHeartbeat({ ...idle, now: noon + seconds(20), assignment: first.assignment, begun: true });
    expect(second.closed).toEqual({ run: 'r1', why: 'never-started' });
  });

  it('whose run reported something is never told of it again, and loses it at its second heartbeat', () => {
    expect(silently(2, true)).toEqual(['none', 'never-started, next']);
  });

  it('whose run is gone without a word has it closed at once', () => {
    const decision = decideHeartbeat({ ...idle, assignment: busy });
    expect(decision).toMatchObject({ closed: { run: 'r1', why: 'vanished' }, assignment: null, command: { kind: 'next' } });
  });

  it('that names a run which is not its own gets no other', () => {
    expect(decideHeartbeat({ ...idle, live: ['old1'] }).command).toEqual({ kind: 'none' });
    expect(decideHeartbeat({ ...idle, assignment: busy, live: ['old1'] })).toMatchObject({
      closed: { run: 'r1', why: 'vanished' },
      command: { kind: 'none' },
    });
  });
});

describe('a run that is to stop', () => {
  const stopping = (since: number, callsFunction: boolean) =>
    decideHeartbeat({ ...idle, assignment: busy, live: ['r1'], stop: { since, callsFunction } }).command;

  it('is stopped by command at once when the agent calls a function: it hears nothing else', () => {
    expect(stopping(noon, true)).toEqual({ kind: 'stop', run: 'r1' });
  });

  it('of a program has a minute to end by itself, and is then told at every heartbeat', () => {
    expect(stopping(noon - seconds(59), false)).toEqual({ kind: 'none' });
    expect(stopping(noon - seconds(60), false)).toEqual({ kind: 'stop', run: 'r1' });
    expect(stopping(noon - seconds(90), false)).toEqual({ kind: 'stop', run: 'r1' });
  });

  it('is not stopped before the agent has it', () => {
    const stop = { since: noon - seconds(90), callsFunction: true };
    expect(decideHeartbeat({ ...idle, assignment: handOut('r1', noon - seconds(5)), stop }).command).toEqual({ kind: 'none' });
  });
});

describe('an agent of a sweep that hands out nothing', () => {
  it('waits while the sweep is paused', () => {
    expect(decideHeartbeat({ ...idle, sweep: 'paused' }).command).toEqual({ kind: 'none' });
  });

  it('goes when the sweep is done, but not before its run is: leaving kills it', () => {
    expect(decideHeartbeat({ ...idle, sweep: 'ending', assignment: busy, live: ['r1'] }).command).toEqual({ kind: 'none' });
    expect(decideHeartbeat({ ...idle, sweep: 'ending', live: ['old1'] }).command).toEqual({ kind: 'none' });
    expect(decideHeartbeat({ ...idle, sweep: 'ending', assignment: busy }).command).toEqual({ kind: 'exit' });
    expect(decideHeartbeat({ ...idle, sweep: 'ending' }).command).toEqual({ kind: 'exit' });
  });

  it('goes at once when the sweep was cancelled, its run with it', () => {
    expect(decideHeartbeat({ ...idle, sweep: 'over', assignment: busy, live: ['r1'] }).command).toEqual({ kind: 'exit' });
  });
});

describe('what an agent says about its runs', () => {
  it('names those that are alive', () => {
    expect(liveRuns('{"r1": true, "r2": false}')).toEqual(['r1']);
    expect(liveRuns('{}')).toEqual([]);
    expect(liveRuns(null)).toEqual([]);
  });

  it.each(['[]', 'x', '"r1"'])('is refused when it is %s', (text) => {
    expect(() => liveRuns(text)).toThrow(Invalid);
  });
});

describe('commands', () => {
  it('are a list of one, with every value wrapped and of its own kind', () => {
    const text = runCommands({
      run: 'ab12cd34',
      program: 'train.py',
      params: [
        ['lr', '1.0'],
        ['seed', '1152921504606846977'],
        ['net', '{"depth":3}'],
      ],
    });
    expect(text).toBe(
      '[{"type":"run","run_id":"ab12cd34","program":"train.py","args":{"lr":{"value":1.0},"seed":{"value":1152921504606846977},"net":{"value":{"depth":3}}}}]',
    );
  });

  it('name no program where the sweep names none', () => {
    expect(JSON.parse(runCommands({ run: 'r', program: null, params: [] }))).toEqual([{ type: 'run', run_id: 'r', args: {} }]);
  });

  it('stop a run, send the agent home, or are none', () => {
    expect(JSON.parse(stopCommands('r1'))).toEqual([{ type: 'stop', run_id: 'r1' }]);
    expect(JSON.parse(exitCommands)).toEqual([{ type: 'exit' }]);
    expect(JSON.parse(noCommands)).toEqual([]);
  });
});
