import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { rotatingFile } from './rotating-file.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotating-'));
  path = join(folder, 'logs/a.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (suffix = ''): string => readFileSync(`${path}${suffix}`, 'utf8');

describe('a log file', () => {
  it('is never longer than its limit, and keeps one before it', () => {
    const file = rotatingFile(path, 10);
    for (const line of ['1234\n', '5678\n', 'abcd\n', 'efgh\n', 'last\n']) file.write(line);
    expect([read('.1'), read()]).toEqual(['abcd\nefgh\n', 'last\n']);
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['a.log', 'a.log.1']);
  });

  it.runIf(existsSync('/dev/full'))('that cannot be written costs its lines, and nothing else (needs /dev/full)', () => {
    const file = rotatingFile('/dev/full', 10);
    for (const line of ['12345678\n', '9abc\n']) file.write(line);
    const log = createLogger({ name: 'test', level: 'info', file: '/dev/full' });
    log.info('nobody reads this');
  });

  it('that cannot be begun anew goes on', () => {
    const file = rotatingFile(path, 10);
    mkdirSync(`${path}.1/taken`, { recursive: true });
    for (const line of ['12345678\n', '9abc\n', 'last\n']) file.write(line);
    expect(read()).toBe('12345678\n9abc\nlast\n');
  });

  it('goes on where an earlier process left it', () => {
    rotatingFile(path, 10).write('12345678\n');
    rotatingFile(path, 10).write('9abc\n');
    expect([read('.1'), read()]).toEqual(['12345678\n', '9abc\n']);
  });

  it('takes a line that is longer than the limit whole', () => {
    const file = rotatingFile(path, 3);
    file.write('äöü\n');
    file.write('x\n');
    expect([read('.1'), read()]).toEqual(['äöü\n', 'x\n']);
  });

  it("is where a logger's lines go, secrets left out", () => {
    createLogger({ name: 'agent', level: 'info', file: path }).info({ token: 'abc' }, 'hello');
    expect(JSON.parse(read())).toMatchObject({ name: 'agent', msg: 'hello', token: '[secret]' });
  });

  it('that cannot be written is said at once', () => {
    writeFileSync(join(folder, 'logs'), '');
    expect(() => rotatingFile(path, 3)).toThrow();
  });
});
