/** The real `wandb` client in a virtual environment that is made once, and programs that run in it against a test's controller. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cluster } from './cluster.js';
import { start } from './processes.js';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/wandb-clients', import.meta.url));
const programs = fileURLToPath(new URL('../wandb/programs', import.meta.url));

/** Images need both. */
const beside = ['numpy==2.2.6', 'pillow==11.3.0'];

/** The folder of the environment; or the reason why it cannot be had. */
export async function wandbClient(version: string): Promise<string | { readonly skip: string }> {
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Scripts of an environment hold its path, so it is made where it stays and only named at the end.
  const made = await mkdtemp(join(cache, 'environment-'));
  try {
    await run('python3', ['-m', 'venv', made]);
    await run(join(made, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `wandb==${version}`, ...beside]);
    const link = `${made}.link`;
    await symlink(made, link);
    await rename(link, folder);
    return folder;
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { skip: 'python: python3 is not on PATH' };
    if (stderr === undefined) throw error;
    return { skip: `wandb: an environment with wandb ${version} cannot be made: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  }
}

export interface Ran {
  readonly code: number | string;
  readonly output: string;
  /** What the program printed last, as JSON. */
  readonly told: unknown;
}

export interface Wandb {
  /** Of `test/wandb/programs`. Fails the test when it does not end with `code`, 0 unless given. */
  program(name: string, options?: RunOptions): Promise<Ran>;
  /** The client's own command line. */
  command(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Started, not waited for. */
  begin(name: string, options?: RunOptions): ReturnType<typeof start>;
  beginCommand(args: readonly string[], options?: RunOptions): ReturnType<typeof start>;
}

export interface RunOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code?: number;
}

/** Everything of the client's lies in the test's folder: settings, caches, runs. */
export function wandbOn(cluster: Cluster, environment: string): Wandb {
  const env = (more: RunOptions['env']): Record<string, string> => ({
    HOME: cluster.folder,
    WANDB_DIR: cluster.folder,
    WANDB_CACHE_DIR: join(cluster.folder, 'wandb-cache'),
    WANDB_DATA_DIR: join(cluster.folder, 'wandb-data'),
    WANDB_CONFIG_DIR: join(cluster.folder, 'wandb-config'),
    PYTHONDONTWRITEBYTECODE: '1',
    WANDB_BASE_URL: cluster.url,
    WANDB_API_KEY: cluster.key,
    ...more,
  });
  const begin = (command: string, args: readonly string[], options: RunOptions) =>
    start(join(environment, 'bin', command), args, { cwd: cluster.folder, env: env(options.env) });
  const finish = async (started: ReturnType<typeof start>, { code: wanted = 0 }: RunOptions): Promise<Ran> => {
    const code = await started.ended;
    const output = `${started.stdout()}\n${started.stderr()}`;
    if (code !== wanted)
      throw new Error(`it ended with ${code}, not ${wanted}:\n${output.slice(-4_000)}\n${cluster.controller.stderr().slice(-2_000)}`);
    return { code, output, told: toldBy(started.stdout()) };
  };
  const beginProgram = (name: string, options: RunOptions = {}) =>
    begin('python', [join(programs, `${name}.py`), ...(options.args ?? [])], options);
  return {
    program: (name, options = {}) => finish(beginProgram(name, options), options),
    command: (args, options = {}) => finish(begin('wandb', args, options), options),
    begin: beginProgram,
    beginCommand: (args, options = {}) => begin('wandb', args, options),
  };
}

function toldBy(stdout: string): unknown {
  const line = stdout.split('\n').findLast((text) => text.startsWith('TOLD '));
  return line === undefined ? null : JSON.parse(line.slice('TOLD '.length));
}
