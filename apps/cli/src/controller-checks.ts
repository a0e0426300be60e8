/** What `sweep doctor` asks the controller: whether it answers, its version, database, queue and clock. */
import type { Client, ServerView } from '@sweep/api';
import type { Context } from './context.js';
import { exit, exitOf } from './exit.js';
import type { Check } from './local/machine-checks.js';
import { duration } from './show/duration.js';
import { versionText } from './version.js';

/** A controller that is not there is no failure of this machine: it can be on another, or not started yet. */
export async function checkController(context: Context): Promise<{ readonly checks: readonly Check[]; readonly reachable: boolean }> {
  const client = await context.client();
  try {
    const server = await client.server();
    return {
      reachable: true,
      checks: [
        found(server),
        version(server),
        database(server, await isReady(client)),
        queue(server),
        clock(await client.clockSkewMs()),
        login(server),
      ],
    };
  } catch (error) {
    const code = exitOf(error);
    const message = error instanceof Error ? error.message : String(error);
    if (code === exit.unreachable) {
      const named = context.config.url !== null;
      return {
        reachable: false,
        checks: [
          {
            name: 'controller',
            status: named ? 'failed' : 'skipped',
            found: `none at ${client.url}`,
            mend: 'start one with `sweep up`, or name another with --url',
          },
        ],
      };
    }
    if (code === exit.denied) {
      return {
        reachable: true,
        checks: [{ name: 'login', status: 'failed', found: message, mend: '`sweep login`, or set SWEEP_API_KEY' }],
      };
    }
    throw error;
  }
}

const found = ({ url, grpcUrl }: ServerView): Check => ({
  name: 'controller',
  status: 'ok',
  found: `${url}, agents at ${grpcUrl}`,
  mend: null,
});

function version(server: ServerView): Check {
  const own = versionText();
  const same = server.version === own;
  return {
    name: 'versions',
    status: same ? 'ok' : 'warning',
    found: same ? own : `the controller has ${server.version}, this command ${own}`,
    mend: same ? null : 'install the same version on both',
  };
}

function database({ database: kind }: ServerView, notReady: string | null): Check {
  if (notReady !== null)
    return {
      name: 'database',
      status: 'failed',
      found: `${kind}: ${notReady}`,
      mend: 'see the log of the controller; for an external one check SWEEP_DATABASE_URL',
    };
  return { name: 'database', status: 'ok', found: kind === 'embedded' ? 'PostgreSQL, embedded' : 'PostgreSQL, external', mend: null };
}

async function isReady(client: Client): Promise<string | null> {
  try {
    await client.ready();
    return null;
  } catch (error) {
    if (exitOf(error) !== exit.unreachable) throw error;
    return (error as Error).message;
  }
}

const why = {
  redis: 'on Redis, because a Redis URL was given',
  postgres: 'on PostgreSQL, because no Redis URL was given',
  memory: 'in memory: for tests only',
};

function queue({ queue: kind, queueWarnings }: ServerView): Check {
  const [first] = queueWarnings;
  if (first === undefined) return { name: 'queue', status: 'ok', found: why[kind], mend: null };
  return {
    name: 'queue',
    status: 'warning',
    found: `${why[kind]}; ${queueWarnings.map(({ setting, value }) => `${setting} is ${value}`).join(', ')}`,
    mend: queueWarnings.map(({ mend }) => mend).join('; '),
  };
}

/** The header has whole seconds, so that less than two says nothing. */
const mostSkewMs = 2000;

function clock(skewMs: number): Check {
  const off = Math.abs(skewMs) > mostSkewMs;
  const text = off
    ? `the controller's is ${duration(Math.abs(skewMs) / 1000)} ${skewMs > 0 ? 'ahead' : 'behind'}`
    : 'the same as the controller’s';
  return { name: 'clock', status: off ? 'warning' : 'ok', found: text, mend: off ? 'let NTP set the clock of both machines' : null };
}

function login({ user }: ServerView): Check {
  if (user === null) return { name: 'login', status: 'warning', found: 'not logged in', mend: '`sweep login`, or set SWEEP_API_KEY' };
  return { name: 'login', status: 'ok', found: user, mend: null };
}
