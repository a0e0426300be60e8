/**
 * `npm run demo`: a controller and two agents on this machine, a sweep of small networks on real digits, its best trial, and nothing
 * left behind. Everything lies in a temporary folder; Ctrl-C stops and cleans up too.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, run } from './run.mjs';
import { main, setup } from './setup.mjs';

const agents = 2;

function commandLine(folder) {
  const env = {
    SWEEP_DATA_DIR: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    SWEEP_HOST: '127.0.0.1',
    SWEEP_PORT: '0',
    SWEEP_GRPC_PORT: '0',
    // The user's own settings are about another controller.
    ...Object.fromEntries(
      ['SWEEP_URL', 'SWEEP_API_KEY', 'SWEEP_PROJECT', 'SWEEP_PUBLIC_URL', 'SWEEP_DATABASE_URL', 'SWEEP_REDIS_URL'].map((name) => [
        name,
        undefined,
      ]),
    ),
  };
  return {
    show: (...args) => run('sweep', args, { env, show: true }),
    async json(...args) {
      const { code, stdout, output } = await run('sweep', ['--json', ...args], { env });
      if (code !== 0) throw new Error(`sweep ${args.join(' ')} ended with ${code}:\n${output}`);
      return JSON.parse(stdout);
    },
  };
}

/** Processes whose command or environment names the folder; none where there is no /proc. */
function processesOf(folder) {
  const named = (pid) => {
    try {
      return ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(folder));
    } catch {
      // It ended in between, or belongs to somebody else.
      return false;
    }
  };
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && named(name))
    .map(Number);
}

/** Ends the system and says which processes were still there afterwards. */
async function end(sweep, folder) {
  await sweep.show('down');
  for (let tries = 0; tries < 50 && processesOf(folder).length > 0; tries++) await sleep(100);
  const left = processesOf(folder);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return left;
}

async function demonstrate(sweep) {
  const server = await sweep.json('up', '--agents', String(agents), '--detach');
  console.log(`dashboard ${server.url}\nAPI       ${server.url}/api/docs\n`);
  const { id, name } = await sweep.json('create', join(root, 'sweeps', 'mnist-cnn', 'sweep.yaml'));
  console.log(`sweep ${id} (${name}) on ${agents} agents`);
  const watched = await sweep.show('watch', id);
  if (watched.code !== 0) return watched.code;
  console.log('\nthe best trials:');
  await sweep.show('best', id, '-n', '3');
  const { state, best, counts } = await sweep.json('show', id);
  console.log(`\n${counts.completed} trials completed, ${counts.pruned} were stopped early, ${counts.failed} failed`);
  return state === 'completed' && best !== null && counts.failed === 0 ? 0 : 1;
}

await main(async () => {
  let interrupted = false;
  // The command that runs at the moment gets the signal too and ends; here it only must not end us before the cleaning up.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      interrupted = true;
    });
  }
  await setup();
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'sweep-demo-'));
  const sweep = commandLine(folder);
  let code = 1;
  try {
    code = await demonstrate(sweep);
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    const left = await end(sweep, folder);
    if (left.length > 0) {
      console.log(`processes were left running and had to be killed: ${left.join(', ')}`);
      code = 1;
    }
  }
  if (interrupted) return 130;
  console.log(
    `${code === 0 ? 'done' : 'the demo failed'} after ${((performance.now() - began) / 1000).toFixed(0)} s; nothing is left behind`,
  );
  return code;
});
