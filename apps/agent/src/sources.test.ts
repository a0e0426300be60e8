import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { event, record, scalar, tensorScalar } from '../testing/events.mjs';
import { metricsFile } from './metrics-file.js';
import { readNumber } from './points.js';
import type { Source } from './source.js';
import { stdoutPatterns } from './stdout-patterns.js';
import { tensorboard } from './tensorboard.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = (): number => 1_000;

async function readAll(source: Source, last = false, from?: unknown): Promise<{ points: [string, number, number][]; position: unknown }> {
  const points: [string, number, number][] = [];
  let position = from;
  for (let more = true; more; ) {
    const read = await source.read(position, last);
    points.push(...read.points.map(({ name, step, value }): [string, number, number] => [name, step, value]));
    ({ position, more } = read);
  }
  return { points, position };
}

describe('the metrics file', () => {
  const malformed: string[] = [];
  const read = (text: string) => {
    malformed.length = 0;
    writeFileSync(join(folder, 'm'), text);
    return readAll(metricsFile({ path: join(folder, 'm'), now, onMalformed: (line) => void malformed.push(line) }), true);
  };

  it('gives a point for each number, at the step of its line', async () => {
    expect((await read('{"step": 3, "loss": 0.25, "val/acc": 1}\n')).points).toEqual([
      ['loss', 3, 0.25],
      ['val/acc', 3, 1],
    ]);
  });

  it('takes NaN and Infinity as bare words and as texts, also beside texts that contain those words', async () => {
    const text = '{"step": 1, "a": NaN, "b": -Infinity, "note": "NaN \\" Infinity", "c": "Infinity"}\n';
    expect((await read(text)).points).toEqual([
      ['a', 1, Number.NaN],
      ['b', 1, Number.NEGATIVE_INFINITY],
      ['c', 1, Number.POSITIVE_INFINITY],
    ]);
    expect(malformed).toEqual([]);
  });

  it('passes over what is no number', async () => {
    expect((await read('{"a": true, "b": "3", "c": null, "d": {"e": 1}, "f": [1], "g": 2}\n')).points).toEqual([['g', 0, 2]]);
  });

  it('counts the lines that name no step, also across a restart', async () => {
    const first = await read('{"a": 1}\n{"a": 2}\n');
    appendFileSync(join(folder, 'm'), '{"a": 3}\n');
    const again = metricsFile({ path: join(folder, 'm'), now, onMalformed: () => undefined });
    expect([...first.points, ...(await readAll(again, true, JSON.parse(JSON.stringify(first.position)))).points]).toEqual([
      ['a', 0, 1],
      ['a', 1, 2],
      ['a', 2, 3],
    ]);
  });

  it('reports the first line that is no object, once, and goes on', async () => {
    expect((await read('nonsense\n[1]\n{"a": 1}\n{"a": \n\u0000\u0001\n')).points).toEqual([['a', 0, 1]]);
    expect(malformed).toEqual(['nonsense']);
  });
});

describe('patterns on standard output', () => {
  it('name metrics by their groups; `step` is the step, else matches are counted', async () => {
    writeFileSync(join(folder, 'out'), 'epoch 7 loss=0.5 acc=nan\nother\nlr: 1e-05\nlr: 2E-5\n');
    const patterns = ['epoch (?<step>\\d+) loss=(?<loss>\\S+) acc=(?P<acc>\\S+)', 'lr: (?<lr>\\S+)'];
    const { points } = await readAll(stdoutPatterns({ path: join(folder, 'out'), patterns, now }));
    expect(points).toEqual([
      ['loss', 7, 0.5],
      ['acc', 7, Number.NaN],
      ['lr', 0, 1e-5],
      ['lr', 1, 2e-5],
    ]);
  });

  // Tried in every way, it would take longer than the world has stood.
  it('cannot be made slow by a line', async () => {
    writeFileSync(join(folder, 'out'), `${'a'.repeat(20_000)}!\n`);
    const { points } = await readAll(stdoutPatterns({ path: join(folder, 'out'), patterns: ['(?<x>(a+)+)$'], now }));
    expect(points).toEqual([]);
  });

  it.each([
    ['1.5', 1.5],
    [' -3 ', -3],
    ['.5', 0.5],
    ['1e3', 1000],
    ['-inf', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['0x10', null],
    ['', null],
    ['1,5', null],
  ])('read %j as %s', (text, value) => {
    expect(readNumber(text)).toBe(value);
  });
});

describe('TensorBoard event files', () => {
  const name = 'events.out.tfevents.1700000000.box';
  const source = (since = 0) => tensorboard({ folder, since, isOurs: (pid) => pid !== process.pid });

  it('give the scalars of both forms, and no images or graphs', async () => {
    mkdirSync(join(folder, 'train'));
    const bytes = [
      event(1, 1, scalar('loss', 0.1)),
      event(2, 2, tensorScalar('acc', 0.7)),
      event(2, 2, tensorScalar('picture', 1, 'images')),
      Buffer.from('brain'),
    ];
    writeFileSync(join(folder, 'train', name), Buffer.concat(bytes.map(record)));
    const { points } = await source().read(undefined, true);
    expect(points).toEqual([
      { name: 'loss', step: 1, value: 0.1, time: 1_000 },
      { name: 'acc', step: 2, value: 0.7, time: 2_000 },
    ]);
  });

  it('are followed as they grow, byte by byte, without a repeat', async () => {
    const bytes = Buffer.concat([record(event(1, 1, scalar('a', 1))), record(event(1, 2, scalar('a', 2)))]);
    let position: unknown;
    const values: number[] = [];
    for (const byte of bytes) {
      appendFileSync(join(folder, name), Buffer.of(byte));
      const read = await readAll(source(), false, position);
      position = JSON.parse(JSON.stringify(read.position));
      values.push(...read.points.map(([, , value]) => value));
    }
    expect(values).toEqual([1, 2]);
  });

  it('are given up at a wrong checksum, with what came before it', async () => {
    const bytes = Buffer.concat([record(event(1, 1, scalar('a', 1))), record(event(1, 2, scalar('a', 2)))]);
    bytes[bytes.length - 6]! ^= 1;
    writeFileSync(join(folder, name), bytes);
    expect((await readAll(source())).points).toEqual([['a', 1, 1]]);
  });

  it('hold records larger than one read', async () => {
    writeFileSync(join(folder, name), Buffer.concat([record(Buffer.alloc(700_000)), record(event(1, 1, scalar('a', 1)))]));
    expect((await readAll(source())).points).toEqual([['a', 1, 1]]);
  });

  it("from before the start, and of another process, are somebody else's", async () => {
    writeFileSync(join(folder, name), record(event(1, 1, scalar('a', 1))));
    writeFileSync(join(folder, `${name}.${process.pid}.0`), record(event(1, 1, scalar('b', 1))));
    expect((await readAll(source(Date.now() + 60_000))).points).toEqual([]);
    expect((await readAll(source())).points).toEqual([['a', 1, 1]]);
  });
});
