import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileStart, type LinePosition, readLines } from './lines.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { maxLineBytes: 1000, carriageReturns: false };

async function readAll(from: LinePosition, last: boolean, chosen = options): Promise<{ lines: string[]; position: LinePosition }> {
  const lines: string[] = [];
  let position = from;
  for (let more = true; more; ) {
    const read = await readLines(path, position, chosen, last);
    lines.push(...read.lines);
    ({ position, more } = read);
  }
  return { lines, position };
}

describe('lines of a growing file', () => {
  it('are none while there is no file', async () => {
    expect(await readAll(fileStart, false)).toEqual({ lines: [], position: fileStart });
  });

  it('come once each and in order, wherever the writer paused and the reader was replaced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ maxLength: 20 }).map((text) => text.replace(/[\n\r]/g, '')),
          { maxLength: 20 },
        ),
        fc.infiniteStream(fc.nat(7)),
        async (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
          writeFileSync(path, '');
          let got: string[] = [];
          let position = fileStart;
          for (let at = 0; at < bytes.length; ) {
            const cut = at + 1 + cuts.next().value!;
            appendFileSync(path, bytes.subarray(at, cut));
            at = cut;
            const read = await readAll(JSON.parse(JSON.stringify(position)) as LinePosition, false);
            got = got.concat(read.lines);
            position = read.position;
          }
          expect(got).toEqual(lines);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leave an unfinished end for later, until nobody writes any more', async () => {
    writeFileSync(path, 'a\nb');
    const first = await readAll(fileStart, false);
    expect(first.lines).toEqual(['a']);
    expect((await readAll(first.position, true)).lines).toEqual(['b']);
  });

  it('longer than the limit are passed over, however long, and what follows is read', async () => {
    writeFileSync(path, `a\n${'x'.repeat(5_000_000)}\nb\n`);
    expect((await readAll(fileStart, false)).lines).toEqual(['a', 'b']);
  });

  it('longer than the limit are passed over also while they are still being written', async () => {
    writeFileSync(path, 'x'.repeat(3_000));
    const { position } = await readAll(fileStart, false);
    appendFileSync(path, `${'x'.repeat(3_000)}\nb\n`);
    expect((await readAll(position, false)).lines).toEqual(['b']);
  });

  it('begin again in a file that became shorter', async () => {
    writeFileSync(path, 'one\ntwo\n');
    const { position } = await readAll(fileStart, false);
    writeFileSync(path, 'new\n');
    expect((await readAll(position, false)).lines).toEqual(['new']);
  });

  it('end at carriage returns where progress bars are expected', async () => {
    writeFileSync(path, '1%\r2%\rdone\n');
    expect((await readAll(fileStart, false, { ...options, carriageReturns: true })).lines).toEqual(['1%', '2%', 'done']);
  });
});
