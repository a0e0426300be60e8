/** The summary is taken from a real run of Vitest on a test file made for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root, run } from './run.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-reporter-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function summaryOf(source: string): Promise<unknown> {
  writeFileSync(join(folder, 'sample.test.js'), source);
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default { test: { globals: true } };');
  const summary = join(folder, 'summary.json');
  await run('vitest', ['run', '--root', folder, `--reporter=${join(root, 'scripts', 'test-reporter.mjs')}`], {
    cwd: folder,
    env: { SWEEP_TEST_SUMMARY: summary },
  });
  return JSON.parse(readFileSync(summary, 'utf8'));
}

describe('the summary of a test run', () => {
  it('counts what passed and failed, and names what was skipped with the reason', async () => {
    const summary = await summaryOf(`
      describe('a group', () => {
        it('passes', () => {});
        it('fails', () => expect(1).toBe(2));
        it('needs redis', ({ skip }) => skip('redis: not installed'));
        it.skip('is switched off', () => {});
      });
    `);
    const skipped = [
      { name: 'sample.test.js > a group > needs redis', reason: 'redis: not installed' },
      { name: 'sample.test.js > a group > is switched off', reason: null },
    ];
    expect(summary).toEqual({ passed: 1, failed: 1, skipped });
  });

  it.each([
    ['a file that does not load', `import './missing.js'; it('passes', () => {});`],
    ['a failing hook', `describe('a group', () => { beforeAll(() => { throw new Error('no'); }); it('passes', () => {}); });`],
    [
      'an error that nobody handled',
      `it('passes', async () => { void Promise.reject(new Error('lost')); await new Promise((done) => setTimeout(done, 10)); });`,
    ],
  ])('counts %s as failed', async (_what, source) => {
    expect((await summaryOf(source)) as { failed: number }).toMatchObject({ failed: 1 });
  });
});
