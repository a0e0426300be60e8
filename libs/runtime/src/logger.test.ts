import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

describe('a log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'logger-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
    const file = join(folder, 'test.log');
    write(createLogger({ name: 'test', level: 'info', file }));
    return JSON.parse(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
  }

  it('tells what explains an error, its cause included, and nothing else that hangs on it', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', client: { password: 'hidden' } });
    const error = Object.assign(new TypeError('no database', { cause }), { connection: { password: 'hidden' } });
    const line = logged((log) => log.warn({ err: error }, 'told'));
    expect(line).toMatchObject({ msg: 'told', err: { type: 'TypeError', message: 'no database', cause: { code: 'ECONNREFUSED' } } });
    expect(JSON.stringify(line)).not.toContain('hidden');
    expect(logged((log) => log.warn({ err: 'a text' }))['err']).toEqual({ type: 'string', message: 'a text' });
  });

  it('hides what is kept under the names of secrets', () => {
    const line = logged((log) => log.info({ key: 'abc', settings: { password: 'def' } }, 'told'));
    expect(JSON.stringify(line)).not.toMatch(/abc|def/);
  });
});
