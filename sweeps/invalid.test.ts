/** What `sweep check` says about the files of `invalid/`, word for word, and that it finds nothing wrong with the examples. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const refused = readdirSync(join(import.meta.dirname, 'invalid')).filter((name) => name.endsWith('.yaml') && name !== 'only-warnings.yaml');
const examples = [
  'conditional/sweep',
  'conditional/zip',
  'flaky/sweep',
  'iris/sweep',
  'mnist-cnn/sweep',
  'python-any/sweep',
  'shell/sweep',
];

/** The compiled command, as users have it. */
function check(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [join(root, 'apps/cli/bin/sweep.mjs'), 'check', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

const expected = (name: string): string => join(import.meta.dirname, 'invalid', name.replace('.yaml', '.expected'));

describe('a mistaken sweep file', () => {
  it.each(refused)('is refused with its place and what to do: %s', async (name) => {
    const { code, stdout } = check(`sweeps/invalid/${name}`);
    expect(code).toBe(2);
    expect(stdout).toMatch(new RegExp(`^sweeps/invalid/${name}:\\d+:\\d+: error E-`));
    await expect(stdout).toMatchFileSnapshot(expected(name));
  });

  it('is accepted with warnings where W&B creates the sweep, and refused with --strict', async () => {
    const { code, stdout } = check('sweeps/invalid/only-warnings.yaml');
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot(expected('only-warnings.yaml'));
    expect(check('--strict', 'sweeps/invalid/only-warnings.yaml').code).toBe(2);
  });
});

describe('an example', () => {
  it.each(examples)('has nothing to be refused or warned of: %s', (name) => {
    expect(check('--strict', `sweeps/${name}.yaml`)).toMatchObject({ code: 0, stderr: '' });
  });
});
