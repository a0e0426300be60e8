/**
 * `scripts/wandb-upstream CHECKOUT [FOLDER…]`: W&B's own system tests against a controller of this build, and docs/wandb-conformance.md.
 *
 * CHECKOUT is one of https://github.com/wandb/wandb at the tag of a release; that release of the client is tested. With folders only
 * those are run, and nothing is written. Ends with 1 when a test fails that has no reason in reasons.mjs, or passes though it has one.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLogger } from '@sweep/runtime';
import { openPostgres, startEmbedded } from '@sweep/store';
import { root, startSystem } from '../bench/system.mjs';
import { environmentFor } from './environment.mjs';
import { serveFixtures } from './fixtures.mjs';
import { reasons } from './reasons.mjs';
import { differences, outcomesIn, pageOf } from './report.mjs';

const all = ['test_core', 'test_sweep', 'test_artifacts', 'test_api'];
const workers = 2;

async function versionOf(checkout) {
  const text = await readFile(join(checkout, '.bumpversion.cfg'), 'utf8');
  const [, version = ''] = /^current_version = (\S+)$/m.exec(text) ?? [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${checkout} is at ${version || 'no version'}: check out the tag of a release`);
  return version;
}

/** The tests without the package that lies beside them, which would be imported in place of the installed one. */
async function workspaceOf(checkout) {
  const folder = await mkdtemp(join(tmpdir(), 'sweep-wandb-upstream-'));
  for (const name of ['tests', 'tools', 'pyproject.toml']) await cp(join(checkout, name), join(folder, name), { recursive: true });
  return folder;
}

function run(command, args, { cwd, env }) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  return new Promise((ended, failed) => child.once('error', failed).once('close', ended));
}

async function testsIn(folders, { workspace, environment, ports }) {
  const env = {
    PATH: `${environment}/bin:${process.env.PATH}`,
    HOME: workspace,
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
  };
  const register = ['start', '--hostname', 'localhost', '--base-port', ports.base, '--fixture-port', ports.fixture];
  await run('python', ['tools/local_wandb_server.py', ...register.map(String)], { cwd: workspace, env });
  const found = {};
  for (const wanted of folders) {
    const report = join(workspace, `${wanted.replaceAll('/', '-')}.xml`);
    const flags = ['-q', '-p', 'no:cacheprovider', '-n', String(workers), '--timeout=120', '--tb=short', '--no-header', '-o', 'addopts='];
    await run(
      'python',
      ['-m', 'pytest', ...flags, `--junitxml=${report}`, ...wanted.split(',').map((name) => `tests/system_tests/${name}`)],
      {
        cwd: workspace,
        env,
      },
    );
    found[wanted] = outcomesIn(await readFile(report, 'utf8'));
  }
  return found;
}

async function main() {
  const [given, ...folders] = process.argv.slice(2);
  if (given === undefined) {
    process.stderr.write(
      'usage: scripts/wandb-upstream CHECKOUT [FOLDER…]; CHECKOUT is one of https://github.com/wandb/wandb at a release\n',
    );
    return 2;
  }
  const checkout = resolve(given);
  const version = await versionOf(checkout);
  const environment = await environmentFor(version, checkout);
  const system = await startSystem();
  const workspace = await workspaceOf(checkout);
  const log = createLogger({ name: 'wandb-upstream', level: 'warn' });
  // The controller's own server: it is running already, and goes on when this lets go of it.
  const database = await startEmbedded({ dataDir: join(system.folder, 'data'), log });
  const store = await openPostgres({ url: database.url, log });
  const fixtures = await serveFixtures(store);
  try {
    const ports = { base: new URL(system.url).port, fixture: fixtures.port };
    const found = await testsIn(folders.length === 0 ? all : folders, { workspace, environment, ports });
    const none = Object.keys(found).filter((folder) => found[folder].length === 0);
    if (none.length > 0) throw new Error(`pytest found no tests in ${none.join(', ')} of ${checkout}: is the checkout whole?`);
    const wrong = differences(found, reasons);
    for (const line of wrong) process.stdout.write(`${line}\n`);
    if (folders.length === 0) await writeFile(join(root, 'docs/wandb-conformance.md'), pageOf(found, version, reasons));
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await fixtures.stop();
    await store.close();
    await database.stop();
    await system.stop();
    await rm(workspace, { recursive: true, force: true });
  }
}

process.exitCode = await main();
