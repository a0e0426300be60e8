import { Invalid } from '@sweep/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRawObject } from '../json/raw.js';
import { consoleLine } from './console-line.js';
import { readFileStream } from './file-stream.js';
import { measuredLine } from './measured-line.js';

describe('a file_stream request', () => {
  it('may be empty: that is a sign of life', () => {
    expect(readFileStream({})).toEqual({
      history: null,
      events: null,
      output: null,
      summary: null,
      preempting: false,
      complete: false,
      exitCode: null,
      ignored: [],
    });
  });

  it('carries lines with the number of the first', () => {
    const request = readFileStream({
      files: {
        'wandb-history.jsonl': { offset: 3, content: ['{"_step":3}', '{"_step":4,"a":NaN}'] },
        'wandb-events.jsonl': { offset: 0, content: ['{"system.cpu":1}'] },
        'output.log': { offset: 7, content: ['one'] },
      },
      uploaded: ['model.pt', 5],
    });
    expect(request).toMatchObject({
      history: { offset: 3, lines: ['{"_step":3}', '{"_step":4,"a":NaN}'] },
      events: { offset: 0, lines: ['{"system.cpu":1}'] },
      output: { offset: 7, lines: ['one'] },
      ignored: [],
    });
  });

  it('carries the whole summary: the last one counts', () => {
    expect(readFileStream({ files: { 'wandb-summary.json': { offset: 0, content: ['{"a":1}', '{"a":2.0}'] } } }).summary).toBe('{"a":2.0}');
  });

  it('ends the run when complete is true, not when the key is there', () => {
    expect(readFileStream({ complete: true, exitcode: 255 })).toMatchObject({ complete: true, exitCode: 255 });
    expect(readFileStream({ complete: false, failed: false, exitcode: 1 })).toMatchObject({ complete: false, exitCode: null });
    expect(readFileStream({ complete: true })).toMatchObject({ complete: true, exitCode: null });
  });

  it('may say that the machine is about to be taken away', () => {
    expect(readFileStream({ preempting: true }).preempting).toBe(true);
  });

  it('names what it leaves out instead of failing: a refusal would end the upload', () => {
    const request = readFileStream({
      files: {
        'events.out.tfevents': { offset: 0, content: [] },
        'wandb-history.jsonl': { offset: -1, content: ['{}'] },
        'output.log': { offset: 0, content: 'text' },
        'wandb-events.jsonl': { offset: 0, content: ['{}'] },
      },
    });
    expect(request).toMatchObject({ history: null, output: null, events: { offset: 0, lines: ['{}'] } });
    expect(request.ignored).toHaveLength(3);
    expect(request.ignored.join()).toContain('events.out.tfevents');
  });

  it('keeps one line one line', () => {
    const { output } = readFileStream({ files: { 'output.log': { offset: 0, content: ['a\n', 'b\r\nc', 4] } } });
    expect(output?.lines).toEqual(['a', 'b c', '']);
  });

  it.each([[null], ['{}'], [[]], [1]])('is refused when its body is %j', (body) => {
    expect(() => readFileStream(body)).toThrow(Invalid);
  });

  it('never fails on an object, whatever is inside', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('files', 'complete', 'uploaded', 'exitcode'), fc.jsonValue()),
        (body) => void readFileStream(body),
      ),
    );
  });
});

describe('the numbers of a history line', () => {
  const of = (line: string) => {
    const read = readRawObject(line);
    return read === undefined ? undefined : measuredLine(read);
  };

  it('come with step and time, and without what the client adds', () => {
    expect(of('{"loss":0.5,"_step":12,"_timestamp":1.79e+09,"_runtime":3.5,"_wandb":{"runtime":3}}')).toEqual({
      step: 12,
      time: 1_790_000_000_000,
      values: [['loss', 0.5]],
    });
  });

  it('are those inside dicts too, by dotted names; media and texts are none', () => {
    expect(
      of('{"val":{"acc":1,"a/b":2},"img":{"_type":"image-file","width":3},"note":"7","flag":true,"none":null,"list":[1]}')?.values,
    ).toEqual([
      ['val.acc', 1],
      ['val.a/b', 2],
    ]);
  });

  it('may be none in the sense of arithmetic', () => {
    expect(of('{"a":NaN,"b":-Infinity,"c":"Infinity","d":"NaN"}')?.values).toEqual([
      ['a', Number.NaN],
      ['b', Number.NEGATIVE_INFINITY],
      ['c', Number.POSITIVE_INFINITY],
      ['d', Number.NaN],
    ]);
  });

  it('may lack step and time, as system metrics do', () => {
    expect(of('{"system.cpu":4,"_timestamp":NaN}')).toEqual({ step: null, time: null, values: [['system.cpu', 4]] });
  });
});

describe('a line of the console', () => {
  it('is JSON with time and level where the server asked for that', () => {
    expect(consoleLine('{"ts":"2026-01-02T03:04:05.678901","content":"\\u001b[31mbad\\u001b[0m","level":"error","label":"rank0"}')).toEqual(
      {
        timestamp: '2026-01-02T03:04:05.678901',
        level: 'error',
        label: 'rank0',
        line: '\u001b[31mbad\u001b[0m',
      },
    );
  });

  it.each([
    ['2026-01-02T03:04:05.678 epoch 1', '2026-01-02T03:04:05.678', null, 'epoch 1'],
    ['ERROR 2026-01-02T03:04:05.678 epoch 1', '2026-01-02T03:04:05.678', 'error', 'epoch 1'],
    ['2026-01-02T03:04:05Z ', '2026-01-02T03:04:05Z', null, ''],
    ['ERROR disk', null, 'error', 'disk'],
    ['just text', null, null, 'just text'],
    ['', null, null, ''],
  ])('is text with a time in front otherwise: %j', (text, timestamp, level, line) => {
    expect(consoleLine(text)).toEqual({ timestamp, level, label: null, line });
  });

  it('stays as it is when the program itself printed JSON', () => {
    expect(consoleLine('{"content":"mine"}').line).toBe('{"content":"mine"}');
    expect(consoleLine('{broken').line).toBe('{broken');
  });
});
