/**
 * A whole system in a folder of its own, for scripts: its command line, and its end. Nothing of the user's is touched, and nothing is
 * left behind.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './run.mjs';

export function commandLine(folder) {
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
export async function end(sweep, folder) {
  await sweep.show('down');
  for (let tries = 0; tries < 50 && processesOf(folder).length > 0; tries++) await sleep(100);
  const left = processesOf(folder);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return left;
}
