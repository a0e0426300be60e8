/**
 * `npm run screenshots`: pictures of every page of the dashboard at two widths, light and dark, into docs/screenshots. A controller and
 * two agents run for it in a temporary folder, and the `wandb` client of the tests logs to it; nothing is left behind.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, run } from './run.mjs';
import { main, SetupFailed, setup } from './setup.mjs';
import { commandLine, end } from './system.mjs';

const out = process.env.SWEEP_SCREENSHOTS ?? join(root, 'docs', 'screenshots');
const python = join(root, 'node_modules/.cache/wandb-clients/0.31.0/bin/python');
const looks = [1280, 360].flatMap((width) => ['light', 'dark'].map((colorScheme) => ({ width, colorScheme })));

/** Learns as networks do: quickly at first, best at one learning rate, and not at all when it is too high. */
const program = `
const fs = require('fs');
const { lr, width, dropout, optimizer } = JSON.parse(fs.readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const nap = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
if (lr > 0.06) { console.error('the loss is NaN at step 3'); process.exit(1); }
const reach = Math.exp(-((Math.log10(lr) + 2.7) ** 2) / 1.2) * (0.8 + 0.2 * Math.exp(-((width - 96) ** 2) / 4000)) * ({ adam: 1, sgd: 0.95, rmsprop: 0.92 })[optimizer] - 0.4 * (dropout - 0.2) ** 2;
for (let step = 0; step < 27; step++) {
  const noise = Math.sin(step * 12.9898 + lr * 78233) * 0.01;
  const acc = Math.max(0, reach * (1 - Math.exp(-(step + 1) / 6)) + noise);
  fs.appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, val_acc: acc, 'train/loss': 1.15 - acc, 'val/loss': 1.2 - acc + noise }) + '\\n');
  console.log('step ' + step + ': val_acc ' + acc.toFixed(4));
  nap(30);
}
`;

const sweepFile = (name, extra) => `
name: ${name}
project: digits
method: bayes
metric: {name: val_acc, goal: maximize}
parameters:
  lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
  width: {values: [32, 64, 96, 128]}
  dropout: {min: 0.0, max: 0.5}
  optimizer: {values: [adam, sgd, rmsprop]}
early_terminate: {type: hyperband, min_iter: 3}
${extra}
command: [node, -e, ${JSON.stringify(program)}]
`;

/** Two objectives of which one is had at the price of the other. */
const tradeOff = `
name: small-and-good
project: digits
method: random
metrics: [{name: val_acc, goal: maximize}, {name: ms, goal: minimize}]
parameters: {width: {min: 8, max: 256}, depth: {values: [2, 3, 4, 6]}}
run_cap: 40
command: [node, -e, ${JSON.stringify(`
const { width, depth } = JSON.parse(require('fs').readFileSync(process.env.SWEEP_PARAMS, 'utf8'));
const luck = Math.sin(width * 12.9898 + depth * 78.233);
require('fs').appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step: 0, val_acc: 1 - 0.6 / Math.sqrt(width * depth / 8) - 0.04 * Math.abs(luck), ms: 0.02 * width * depth * (1 + 0.3 * luck) + 1 }) + '\\n');`)}]
`;

/** Two runs of the real client; where they are, as ENTITY/PROJECT/ID. */
async function logRuns(folder, { url, key }) {
  if (!existsSync(python)) throw new SetupFailed('the wandb client is missing: npm run test:wandb makes an environment with it');
  const env = { WANDB_BASE_URL: url, WANDB_API_KEY: key, HOME: folder, WANDB_DIR: folder, WANDB_SILENT: 'true', WANDB_PROGRAM: 'train.py' };
  const logged = [];
  for (const [lr, name] of [
    ['0.002', 'convnet-slow'],
    ['0.004', 'convnet'],
  ]) {
    const { code, stdout, output } = await run(python, [join(root, 'scripts/screenshots-run.py'), lr, name], { env, cwd: folder });
    if (code !== 0) throw new Error(`the run of the wandb client ended with ${code}:\n${output}`);
    logged.push(stdout.trim().split('\n').at(-1));
  }
  return logged;
}

/** Makes what the pictures show: sweeps that have ended, two that go on, runs of the `wandb` client. */
async function fill(sweep, folder, controller) {
  const logged = await logRuns(folder, controller);
  const create = async (name, extra, ...args) => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, sweepFile(name, extra).trimStart());
    return sweep.json('create', file, ...args);
  };
  const { id, path } = await create('mnist', 'run_cap: 24');
  await sweep.show('watch', id);
  const file = join(folder, 'small-and-good.yaml');
  writeFileSync(file, tradeOff.trimStart());
  const pareto = await sweep.json('create', file);
  await sweep.show('watch', pareto.id);
  await create('mnist-wide', 'run_cap: 400');
  await create('mnist-later', 'run_cap: 4');
  const [best] = await sweep.json('best', id, '-n', '1');
  const sweepAt = (of) => of.replace(/\/(\w+)$/, '/sweeps/$1');
  return {
    sweepAt: sweepAt(path),
    paretoAt: sweepAt(pareto.path),
    runAt: path.replace(/\/\w+$/, `/runs/${best.id}`),
    trial: best.number,
    logged,
  };
}

const runTabs = ['media', 'tables', 'system', 'console', 'files', 'artifacts', 'config', 'code'];

function pagesOfRuns(logged) {
  const [entity, project, id] = logged.at(-1).split('/');
  const at = `/${entity}/${project}/runs/${id}`;
  return {
    logged: at,
    ...Object.fromEntries(runTabs.map((tab) => [`logged-${tab}`, `${at}?tab=${tab}`])),
    artifact: `/${entity}/${project}/artifacts/model/digits-model/v0`,
    artifacts: `/${entity}/${project}/artifacts`,
    compare: `/compare?runs=${logged.map((path) => path.split('/').at(-1)).join()}`,
  };
}

const pagesOf = ({ sweepAt, paretoAt, runAt, trial, logged }) => ({
  sweeps: '/',
  projects: '/projects',
  project: `/${sweepAt.split('/sweeps/')[0]}?tab=runs`,
  start: '/start',
  sweep: `/${sweepAt}`,
  trials: `/${sweepAt}?tab=trials&trial=${trial}`,
  curves: `/${sweepAt}?tab=curves`,
  timeline: `/${sweepAt}?tab=timeline`,
  space: `/${sweepAt}?tab=space&x=lr`,
  contour: `/${sweepAt}?tab=space&x=lr&y=dropout`,
  decisions: `/${sweepAt}?tab=decisions`,
  config: `/${sweepAt}?tab=config`,
  pareto: `/${paretoAt}`,
  runs: '/runs',
  groups: '/runs?group=sweep',
  run: `/${runAt}`,
  'run-attempts': `/${runAt}?tab=attempts`,
  ...pagesOfRuns(logged),
  agents: '/agents',
  queue: '/queue',
  settings: '/settings',
});

async function picture({ browser, url, key }, pages, { width, colorScheme }) {
  const context = await browser.newContext({ baseURL: url, colorScheme, viewport: { width, height: width < 500 ? 740 : 900 } });
  const page = await context.newPage();
  const shoot = async (name) => {
    await page
      .getByText(/^Loading /)
      .first()
      .waitFor({ state: 'detached' });
    // Charts are drawn when their size is known.
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`) });
  };
  await page.goto('/');
  await page.getByLabel('API key').waitFor();
  await shoot('sign-in');
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    await page.getByRole('main').waitFor();
    await shoot(name);
  }
  await context.close();
}

await main(async () => {
  await setup();
  const executablePath = process.env.SWEEP_CHROMIUM ?? spawnSync('which', ['chromium']).stdout.toString().trim();
  if (executablePath === '') throw new SetupFailed('no chromium is installed: apt-get install chromium, or set SWEEP_CHROMIUM to one');
  const folder = mkdtempSync(join(tmpdir(), 'sweep-screenshots-'));
  const sweep = commandLine(folder);
  try {
    const { url } = await sweep.json('up', '--agents', '2', '--detach');
    const { secret: key } = await sweep.json('key', 'create', 'screenshots', '--scope', 'admin');
    const pages = pagesOf(await fill(sweep, folder, { url, key }));
    mkdirSync(out, { recursive: true });
    for (const name of readdirSync(out)) rmSync(join(out, name));
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
    for (const look of looks) await picture({ browser, url, key }, pages, look);
    await browser.close();
  } finally {
    await end(sweep, folder);
  }
  console.log(`${readdirSync(out).length} pictures in ${out}`);
  return 0;
});
