import { describe, expect, it } from 'vitest';
import { readWords, WrongWords } from './command-line.js';

describe('the words of the benchmark', () => {
  it('are everything that the gates need, of bayes, unless they name tasks', () => {
    const { run } = readWords([]);
    expect(run).toMatchObject({ seeds: { from: 0, to: 30 }, name: 'bayes' });
    expect(run!.parts).toContainEqual({ tasks: ['T'], trials: 100, workers: 1 });
    expect(run!.parts).toContainEqual({ tasks: ['T'], trials: 64, workers: 8 });
    expect(new Set(run!.parts.flatMap(({ tasks }) => tasks))).toEqual(new Set(['T', 'S', 'R', 'M', 'F', 'L']));
    expect(readWords(['--tasks', 'T']).run!.parts).toEqual([{ tasks: ['T'], trials: 60, workers: 1 }]);
  });

  it('hand options through to the sampler', () => {
    const { run } = readWords(['--options', '{"arms": 1}', '--name', 'one-arm', '--seeds', '3:5', '--tasks', 'S,T']);
    expect(run).toMatchObject({
      measured: { sampler: 'bayes', options: { arms: 1 } },
      name: 'one-arm',
      seeds: { from: 3, to: 5 },
      parts: [{ tasks: ['S', 'T'], trials: 60, workers: 1 }],
    });
  });

  it('may name a program instead', () => {
    expect(readWords(['--command', 'node peer.mjs FILE --seed S', '--name', 'peer']).run!.measured).toEqual({
      command: ['node', 'peer.mjs', 'FILE', '--seed', 'S'],
    });
  });

  it('may report on files without a run', () => {
    expect(readWords(['report', 'a.jsonl', 'b.jsonl', '--at', '100'])).toMatchObject({
      files: ['a.jsonl', 'b.jsonl'],
      run: undefined,
      at: 100,
    });
  });

  it.each([
    [['--options', '{}'], 'need a --name'],
    [['--command', 'x'], 'need a --name'],
    [['--options', '[1]', '--name', 'x'], 'must be a JSON object'],
    [['--options', '{', '--name', 'x'], 'must be a JSON object'],
    [['--seeds', '5:5'], '--seeds must be like 0:30'],
    [['--trials', '80'], 'need --tasks'],
    [['--tasks', 'T', '--trials', '0'], '--trials must be a whole number'],
    [['--colour', 'red'], '--colour'],
    [['compare'], 'not a command: compare'],
    [['run', 'file.jsonl'], 'takes no files'],
  ])('%j are refused', (words, message) => {
    expect(() => readWords(words)).toThrow(WrongWords);
    expect(() => readWords(words)).toThrow(message);
  });
});
