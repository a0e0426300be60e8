/** What a person waits for in the dashboard, measured in the browser, on a database as large as they get. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, startSystem } from '../system.mjs';
import { cpuSeconds } from '../wandb/calls.mjs';
import { chromiumProgram, signedIn } from './browser.mjs';
import { ids, longPoints, runCount, seed } from './seed.mjs';

const turns = 5;
const watchers = 100;
const watchedMs = 15_000;
const million = longPoints.toLocaleString('en');

export async function dashboard() {
  const program = chromiumProgram();
  if (program === null) return { skipped: 'no Chromium is installed: set SWEEP_CHROMIUM to one' };
  const folder = await mkdtemp(join(tmpdir(), 'sweep-bench-'));
  const settings = { SWEEP_RATE_LIMIT: '0' };
  try {
    // The first start makes the user and the key.
    const first = await startSystem({ folder, settings });
    const { key } = first;
    const { user } = await first.client.server();
    await first.stop({ keep: true });
    await seed(join(folder, 'data'), user);
    const system = await startSystem({ folder, settings, key });
    try {
      return await measured(program, system, user);
    } finally {
      await system.stop({ keep: true });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(program, system, user) {
  const { browser, page } = await signedIn(program, system);
  try {
    return {
      'JavaScript at first load (kB gzipped)': (await firstLoad(page)).toFixed(0),
      ...(await runTable(page, user)),
      ...(await sweepPages(page, user)),
      ...(await longCurve(page, user)),
      ...(await watched(system)),
    };
  } finally {
    await browser.close();
  }
}

/** Of several tries. */
async function middle(times, measure) {
  const seen = [];
  for (let turn = 0; turn < times; turn += 1) seen.push(await measure());
  return quantile(
    seen.sort((a, b) => a - b),
    0.5,
  ).toFixed(0);
}

async function firstLoad(page) {
  await page.goto('/');
  await page.evaluate(() => bench.until(() => document.querySelector('h1') !== null));
  return page.evaluate(
    () =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000,
  );
}

async function runTable(page, user) {
  const address = `/runs?project=${user}/bench`;
  const rows = `${runCount.toLocaleString('en')} runs of 50 values`;
  const opened = await middle(turns, async () => {
    await page.goto(address, { waitUntil: 'commit' });
    return page.evaluate(() => bench.until(() => bench.firstRow() !== '', 0));
  });
  const columns = Array.from({ length: 25 }, (_, at) => [`config.c${at}`, `summary.m${at}`]).flat();
  await page.goto(`${address}&columns=${columns.join(',')}`);
  await page.evaluate(() => bench.until(() => bench.firstRow() !== ''));
  const sorted = await middle(turns, () =>
    page.evaluate(() => {
      const before = document.querySelector('tbody tr[data-id]').dataset.id;
      const header = [...document.querySelectorAll('th button')].find(({ textContent }) => textContent.startsWith('m3'));
      const begun = performance.now();
      header.click();
      return bench.until(() => bench.firstRow() !== '' && document.querySelector('tbody tr[data-id]').dataset.id !== before, begun);
    }),
  );
  let bound = 0;
  const filtered = await middle(turns, async () => {
    bound += 1;
    const done = page.evaluate(
      () => new Promise((tell) => addEventListener('input', () => tell(performance.now()), { capture: true, once: true })),
    );
    const before = await page.locator('.answer').textContent();
    await page.getByRole('searchbox', { name: 'Filter' }).fill(`config.c1 < 0.${bound}`);
    const begun = await done;
    return page.evaluate(
      ([text, at]) =>
        bench.until(() => !['', '…', text].includes(document.querySelector('.answer').textContent) && bench.firstRow() !== '', at),
      [before, begun],
    );
  });
  await page.goto(address);
  await page.evaluate(() => bench.until(() => bench.firstRow() !== ''));
  const scrolled = await page.evaluate(scroll);
  return {
    [`${rows}: first row after navigation (ms)`]: opened,
    [`${rows}: sort by a value (ms)`]: sorted,
    [`${rows}: filter by a value (ms)`]: filtered,
    [`${rows}: blank frames while scrolling 3,000 px/s`]: scrolled.blank,
    [`${rows}: frames in those four seconds`]: scrolled.frames,
  };
}

/** In the page: frames in which the middle of the table shows no row. */
async function scroll() {
  const box = document.querySelector('.table-box');
  const lasts = 4_000;
  const begun = performance.now();
  const { left, top, height } = box.getBoundingClientRect();
  let frames = 0;
  let blank = 0;
  while (performance.now() - begun < lasts) {
    box.scrollTop = ((performance.now() - begun) / 1000) * 3_000;
    await bench.frame();
    frames += 1;
    const row = document.elementFromPoint(left + 80, top + height / 2)?.closest('tr[data-id]');
    if (!row || row.textContent.trim() === '') blank += 1;
  }
  return { frames, blank };
}

async function sweepPages(page, user) {
  const drawn = () => document.querySelectorAll('main canvas').length >= 2;
  const opened = await middle(turns, async () => {
    await page.goto(`/${user}/bench/sweeps/${ids.curves}`, { waitUntil: 'commit' });
    return page.evaluate(`bench.until(${drawn}, 0)`);
  });
  const curves = await middle(turns, async () => {
    await page.goto(`/${user}/bench/sweeps/${ids.curves}?tab=curves`, { waitUntil: 'commit' });
    return page.evaluate(() => bench.until(() => document.querySelectorAll('main canvas').length >= 1, 0));
  });
  await page.goto(`/${user}/bench/sweeps/${ids.many}`);
  await page.evaluate(`bench.until(${drawn})`);
  const brushed = await brush(page);
  return {
    'sweep page, 1,000 trials: charts drawn after navigation (ms)': opened,
    'its curves, 1,000 trials of 100 points: drawn after navigation (ms)': curves,
    'parallel coordinates of 10,000 lines: first answer to a brush (ms)': brushed.first,
    'parallel coordinates of 10,000 lines: all redrawn after it (ms)': brushed.redraw,
  };
}

/** Drags along the first axis of the parallel coordinates. */
async function brush(page) {
  const chart = page.getByRole('figure', { name: 'Params and result of every trial' });
  await chart.locator('canvas').last().scrollIntoViewIfNeeded();
  const [plot, head] = [await chart.locator('canvas').last().boundingBox(), await chart.locator('.parallel-head').first().boundingBox()];
  const x = head.x + head.width / 2;
  const y = (share) => plot.y + plot.height * share;
  await chart.evaluate((figure) => {
    bench.moves = bench.answers('pointermove');
    bench.canvases = [...figure.querySelectorAll('canvas')];
  });
  const seen = { first: [], redraw: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.move(x, y(0.35));
    await page.mouse.down();
    await page.evaluate(() => {
      bench.moves.length = 0;
    });
    await page.mouse.move(x, y(0.45 + turn / 50));
    seen.first.push(await page.evaluate(() => bench.until(() => bench.moves.length > 0).then(() => bench.moves[0])));
    // From the last change of the brush until no pixel changes any more.
    const settled = page.evaluate(
      () => new Promise((tell) => addEventListener('pointermove', (event) => bench.settled(event.timeStamp).then(tell), { once: true })),
    );
    await page.mouse.move(x, y(0.65 + turn / 50));
    seen.redraw.push(await settled);
    await page.mouse.up();
  }
  const half = (values) =>
    quantile(
      values.sort((a, b) => a - b),
      0.5,
    ).toFixed(0);
  return { first: half(seen.first), redraw: half(seen.redraw) };
}

/** From asking for the points to the frame that shows them. */
async function longCurve(page, user) {
  const drawn = await middle(turns, async () => {
    await page.goto(`/${user}/bench/runs/m0000001?tab=charts`, { waitUntil: 'commit' });
    return page.evaluate(async () => {
      const asked = () => performance.getEntriesByType('resource').find(({ name }) => /\/(curves|metrics)\?/.test(name));
      await bench.until(() => asked() !== undefined && document.querySelector('main canvas') !== null, 0);
      return performance.now() - asked().startTime;
    });
  });
  return { [`one curve of ${million} points: drawn after it is asked for (ms)`]: drawn };
}

/** Sixteen programs that report ten times a second, and a hundred open pages. */
async function watched(system) {
  const program = `const { appendFileSync } = require('node:fs'); let step = 0;
    setInterval(() => { appendFileSync(process.env.SWEEP_METRICS, JSON.stringify({ step, loss: 1 / ++step }) + '\\n'); if (step > 900) process.exit(0); }, 100);`;
  const leaving = new AbortController();
  const streams = Array.from({ length: watchers }, () =>
    fetch(`${system.url}/api/v1/events`, { headers: { authorization: `Bearer ${system.key}` }, signal: leaving.signal }),
  );
  const readers = (await Promise.all(streams)).map(async ({ body }) => {
    for await (const _ of body);
  });
  const ended = Promise.allSettled(readers);
  const { client } = system;
  system.agent(16);
  const { id } = await client.createSweep({
    config: {
      method: 'random',
      metric: { name: 'loss', goal: 'minimize' },
      parameters: { x: { min: 0, max: 1 } },
      run_cap: 16,
      command: ['node', '-e', program],
    },
  });
  const running = async () => (await client.getSweep(id)).counts.running === 16;
  while (!(await running())) await new Promise((done) => setTimeout(done, 200));
  const before = await cpuSeconds(system.controllerPid);
  await new Promise((done) => setTimeout(done, watchedMs));
  const cpu = (await cpuSeconds(system.controllerPid)) - before;
  leaving.abort();
  await ended;
  await client.commandSweep(id, 'cancel');
  while ((await client.getSweep(id)).state !== 'cancelled') await new Promise((done) => setTimeout(done, 200));
  return { [`${watchers} event streams, 16 trials at 10 points/s: controller (% of a core)`]: ((100_000 * cpu) / watchedMs).toFixed(0) };
}
