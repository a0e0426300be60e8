/**
 * `npm run bench [-- NAME…] [--write]`: measures, prints, and with `--write` puts the table into docs/benchmarks.md.
 *
 * `load`, `soak` and `soak-hour` take half an hour, ten minutes and an hour: only where they are named.
 * Each figure is taken on both queue backends where the queue matters (Redis only where a redis-server is installed).
 * `npm run bench -- quality …` is the search quality of samplers: it takes long, has words of its own and is never part of the rest.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboard } from './dashboard/dashboard.mjs';
import { duplicates } from './duplicates.mjs';
import { eventLoop } from './event-loop.mjs';
import { gap } from './gap.mjs';
import { ingest } from './ingest.mjs';
import { clientsOf } from './load/clients.mjs';
import { growthOf, resultsOf, soakOf } from './load/results.mjs';
import { manyTrials } from './many-trials.mjs';
import { optimizer } from './optimizer.mjs';
import { pageOf } from './page.mjs';
import { proposals } from './proposals.mjs';
import { quality } from './quality/start.mjs';
import { startUp } from './start-up.mjs';
import { root, waitFor } from './system.mjs';
import { manyClients } from './wandb/clients.mjs';
import { fileStream } from './wandb/file-stream.mjs';
import { signedFiles } from './wandb/files.mjs';
import { listRuns } from './wandb/runs.mjs';
import { scanHistory } from './wandb/scan.mjs';

const benches = [
  { name: 'start-up', title: 'Start and rest', run: startUp, queues: ['postgres'] },
  { name: 'gap', title: 'Gap between two trials on a slot', run: gap, queues: ['postgres', 'redis'] },
  { name: 'many-trials', title: '500 one-second trials on 16 slots', run: manyTrials(500), queues: ['postgres', 'redis'] },
  { name: 'ingest', title: 'Points from an agent to committed rows', run: ingest, queues: ['postgres'] },
  { name: 'load', title: '10,000 one-second trials on 16 slots', run: manyTrials(10_000), queues: ['postgres', 'redis'], asked: true },
  {
    name: 'load',
    title: '1,000 trials at once, 10 results/s each',
    run: resultsOf({ trials: 1_000, agents: 20, perSecond: 10, seconds: 100 }),
    queues: ['postgres'],
    asked: true,
  },
  {
    name: 'load',
    title: '96 trials at once, 500 results/s each',
    run: resultsOf({ trials: 96, agents: 6, perSecond: 500, seconds: 20 }),
    queues: ['postgres'],
    asked: true,
  },
  {
    name: 'load',
    title: '200 agents, 1 result/s each',
    run: resultsOf({ trials: 200, agents: 200, perSecond: 1, seconds: 300 }),
    queues: ['postgres'],
    asked: true,
  },
  { name: 'load', title: '1,000 clients that ask at once', run: clientsOf(1_000, 20), queues: ['postgres'], asked: true },
  { name: 'load', title: 'How the cost grows', run: growthOf(10), queues: ['postgres'], asked: true },
  { name: 'soak', title: 'Memory under load, 10 minutes', run: soakOf(10), queues: ['postgres'], asked: true },
  { name: 'soak-hour', title: 'Memory under load, an hour', run: soakOf(60), queues: ['postgres'], asked: true },
  { name: 'dashboard', title: 'The dashboard, in Chromium', run: dashboard, queues: [] },
  { name: 'optimizer', title: "The optimizer's kernel, one core", run: optimizer, queues: [] },
  { name: 'optimizer', title: 'A proposal of a warm sweep, 8 mixed dimensions, one core', run: proposals, queues: [] },
  { name: 'optimizer', title: 'No point twice', run: duplicates, queues: [] },
  { name: 'optimizer', title: "The controller's event loop while a sweep with 5,000 results is asked", run: eventLoop, queues: [] },
  { name: 'wandb', title: "W&B's clients: lines into the database", run: fileStream, queues: [] },
  { name: 'wandb', title: "W&B's clients: 20 at once", run: manyClients, queues: [] },
  { name: 'wandb', title: "W&B's clients: history out again", run: scanHistory, queues: [] },
  { name: 'wandb', title: "W&B's clients: lists of runs", run: listRuns, queues: [] },
  { name: 'wandb', title: "W&B's clients: 1 GB in 1,000 files", run: signedFiles, queues: [] },
];

if (process.argv[2] === 'quality') process.exit(await quality(process.argv.slice(3)));

const write = process.argv.includes('--write');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const chosen = benches.filter((bench) => wanted.includes(bench.name) || (wanted.length === 0 && bench.asked !== true));
if (chosen.length === 0) {
  process.stderr.write(`no such benchmark; there are: ${[...new Set(benches.map((bench) => bench.name))].join(', ')}\n`);
  process.exit(2);
}

async function redis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'sweep-bench-redis-'));
  const port = 20_000 + (process.pid % 20_000);
  const flags = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', flags.map(String), { stdio: 'ignore' });
  await waitFor(() => spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' }).stdout.includes('PONG'), 'redis');
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const closed = new Promise((done) => server.once('close', done));
      server.kill();
      await closed;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Over the last minute. */
const load = () => loadavg()[0].toFixed(1);
const loadBefore = load();
const sections = [];
const keep = (bench, result, where) => {
  process.stdout.write(`${bench.name}${where}: ${JSON.stringify(result)}\n`);
  sections.push({ title: `${bench.title}${where}`, result });
};
for (const bench of chosen) {
  if (bench.queues.length === 0) keep(bench, await bench.run(), '');
  for (const queue of bench.queues) {
    const server = queue === 'redis' ? await redis() : null;
    if (queue === 'redis' && server === null) {
      process.stdout.write(`${bench.name} on redis: skipped, no redis-server is installed\n`);
      continue;
    }
    const result = await bench.run(server === null ? {} : { redisUrl: server.url });
    await server?.stop();
    keep(bench, result, ` (queue: ${queue})`);
  }
}

if (write) await writeFile(join(root, 'docs/benchmarks.md'), pageOf(sections, { before: loadBefore, after: load() }));
