/** The page of a sweep while real agents run it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserCluster, withBrowser } from '../support/browser.js';
import type { RunningAgent } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

/** loss = (x - 3)² over three steps. */
const quick = gridOf(
  `for (let step = 0; step < 3; step++) report({ step, loss: (params.x - 3) ** 2 + (2 - step) }); console.log('x is ' + params.x);`,
  'name: parabola',
  [1, 2, 3, 4, 5, 6],
);
/** Goes on until it is told to end. */
const endless = gridOf(`report({ step: 0, loss: 1 }); for (;;) nap(50);`, '', [1, 2]);

/** The address of the page of a sweep at ENTITY/PROJECT/ID. */
const pageAt = (path: string): string => `/${path.replace(/\/(\w+)$/, '/sweeps/$1')}`;
const choose = async (page: Page, action: string): Promise<void> => {
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: action }).click();
};
const answer = (page: Page) => page.getByTestId('answer');
const rows = (page: Page, table: string) => page.getByRole('region', { name: table }).locator('tbody tr[data-id]');
/** How many colours a canvas has beside greys. */
const coloursIn = (canvas: Locator): Promise<number> =>
  canvas.evaluate((drawn: Drawn) => {
    const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
    const colours = new Set<string>();
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.slice(at, at + 3);
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) colours.add(`${red} ${green} ${blue}`);
    }
    return colours.size;
  });
interface Drawn {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray } };
}
const firstCells = async (page: Page): Promise<readonly string[]> => rows(page, 'Trials').locator('td:first-child').allTextContents();

describe('a sweep in the browser', () => {
  let given: BrowserCluster;
  withBrowser((begun) => {
    given = begun;
  });
  let agents: RunningAgent[] = [];
  const startAgent = (slots = 1): void => void agents.push(given.cluster.startAgent({ slots }));
  beforeEach(() => {
    agents = [];
  });
  afterEach(async () => {
    for (const agent of agents) agent.kill('SIGTERM');
    for (const agent of agents) agent.kill('SIGINT');
    await Promise.all(agents.map((agent) => agent.ended));
  });

  let ended: Promise<{ readonly id: string; readonly path: string }> | null = null;
  /** The six of `quick` have run, once for all who only look at them. */
  const parabola = (): NonNullable<typeof ended> => {
    const made = async () => {
      startAgent(2);
      const { id, path } = await given.cluster.create(quick);
      await given.cluster.finished(id);
      return { id, path };
    };
    ended ??= made();
    return ended;
  };

  it('that is made on the command line and run by agents appears and fills in without a reload', async () => {
    const page = await given.visit('/');
    await page.getByText('● live').waitFor();
    const made = await given.cluster.sweep(['create', '--json', '-'], { input: quick });
    const { id } = JSON.parse(made.stdout) as { id: string };
    await page.getByRole('link', { name: 'parabola' }).click();
    await page.getByText('No agent is connected').waitFor();
    startAgent(2);
    await page.getByText('Trial 3 is best: loss 0 (x 3). 6 of 6 done').waitFor({ timeout: 30_000 });
    expect(page.url()).toContain(`/sweeps/${id}`);
    await page.getByRole('region', { name: 'Best trials' }).getByRole('row').nth(1).getByText('3', { exact: true }).first().waitFor();
  });

  it('has a table of trials that is ordered, filtered, walked by keys and whose columns are pinned, all of it in the address', async () => {
    const { path } = await parabola();
    const page = await given.visit(`${pageAt(path)}?tab=trials`);
    await until(async () => (await firstCells(page)).join() === '6,5,4,3,2,1', { what: 'the newest first', seen: () => page.url() });
    await page.getByRole('columnheader', { name: 'loss', exact: true }).getByRole('button').click();
    await until(async () => (await firstCells(page))[0] === '6', { what: 'the largest loss first' });
    await page.getByRole('columnheader', { name: 'loss', exact: true }).getByRole('button').click();
    await until(async () => (await firstCells(page))[0] === '3', { what: 'the smallest loss first' });
    await page.getByRole('searchbox', { name: 'Filter' }).fill('x > 3 and state = completed');
    await page.getByText('3 of 6 trials').waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('x >');
    await page.getByText(/at character/).waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('x > 3');
    await page.getByText('3 of 6 trials').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByLabel('Pin x').click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'parabola' }).click();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByRole('complementary', { name: 'Trial 5' }).waitFor();
    await page.reload();
    await page.getByRole('complementary', { name: 'Trial 5' }).waitFor();
    await page.getByText('3 of 6 trials').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Trial 5' }).waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 360, height: 740 });
    const left = async (column: string): Promise<number> =>
      (await page.getByRole('columnheader', { name: column, exact: true }).boundingBox())!.x;
    expect(await left('x')).toBeLessThan(await left('loss'));
    await page.getByRole('region', { name: 'Trials' }).evaluate((box: { scrollLeft: number }) => {
      box.scrollLeft = 300;
    });
    await until(async () => (await left('loss')) < (await left('x')), { what: 'what is not pinned to move away behind it' });
  });

  it('says why a trial has its params, and lets one stop it, and the whole sweep, which may go on later', async () => {
    startAgent();
    const { id, path } = await given.cluster.create(endless);
    const page = await given.visit(`${pageAt(path)}?trial=1`);
    const panel = page.getByRole('complementary', { name: 'Trial 1' });
    await panel.getByText(/running$/).waitFor({ timeout: 30_000 });
    await panel.getByRole('heading', { name: 'Why these params' }).waitFor();
    await panel.getByRole('button', { name: 'Stop trial' }).click();
    await panel.getByText(/cancelled$/).waitFor({ timeout: 30_000 });
    expect((await given.cluster.client.getTrial(`${id}#1`)).state).toBe('cancelled');
    const state = (word: string) => page.locator('.sweep-head .state', { hasText: word });
    await until(async () => (await given.cluster.client.getTrial(`${id}#2`)).state === 'running', { what: 'the other trial to run' });
    await choose(page, 'Stop');
    await state('stopping').waitFor();
    expect((await given.cluster.client.getSweep(id)).counts).toMatchObject({ running: 1 });
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the sweep' }).click();
    await given.cluster.finished(id);
    await state('cancelled').waitFor();
    // Of its grid nothing is left, so that it is complete at once.
    await choose(page, 'Resume');
    await state('completed').waitFor();
  });

  it('is paused and taken back, and its budget is edited as a revision', async () => {
    const { id, path } = await given.cluster.create(`${quick}nonsense: 1\n`);
    const page = await given.visit(pageAt(path));
    await page.getByRole('button', { name: 'Pause' }).click();
    await until(async () => (await given.cluster.client.getSweep(id)).state === 'paused', { what: 'the pause' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await given.cluster.client.getSweep(id)).state !== 'paused', { what: 'the pause to be taken back' });
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Trials in all').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await until(async () => (await given.cluster.client.getSweep(id)).runCap === 2, { what: 'the edit' });
    // All six waited: what is beyond the new end is cancelled.
    await page.getByText('0 of 6 done, 4 cancelled').waitFor();
    await page.getByRole('link', { name: 'Config' }).click();
    await page.getByText('trials in all: no limit → 2').waitFor();
    const line = page.getByRole('region', { name: 'Lines of the sweep file' }).getByRole('listitem').filter({ hasText: 'nonsense: 1' });
    await line.getByText(/^warning E-UNKNOWN-KEY: /).waitFor();
    await given.cluster.client.commandSweep(id, 'cancel');
  });

  it('goes on where it was when the stream of events is cut and comes back', async () => {
    const { id, path } = await given.cluster.create(quick);
    const page = await given.visit(pageAt(path));
    await page.getByText('● live').waitFor();
    await page.getByRole('figure', { name: 'Which params matter' }).waitFor();
    given.cluster.controller.kill('SIGKILL');
    await page.getByText(/stale for/).waitFor();
    await given.cluster.startController();
    await page.getByText('● live').waitFor({ timeout: 30_000 });
    startAgent(2);
    await given.cluster.finished(id);
    await page.getByText('6 of 6 done').waitFor();
    expect(await answer(page).textContent()).toContain('Trial 3 is best');
  });

  it('shows what a brush on an axis lets pass, and has it as a filter of the table', async () => {
    const { path } = await parabola();
    const page = await given.visit(pageAt(path));
    const chart = page.getByRole('figure', { name: 'Params and result of every trial' });
    await chart.getByText('6 lines over x, loss', { exact: false }).waitFor({ state: 'attached' });
    const colours = async () => Math.max(...(await Promise.all((await chart.locator('canvas').all()).map(coloursIn))));
    await until(async () => (await colours()) >= 6, { what: 'a colour for each line' });
    const [plot, head] = [await chart.locator('canvas').last().boundingBox(), await chart.locator('.parallel-head').first().boundingBox()];
    const x = head!.x + head!.width / 2;
    // From the middle of the axis to beyond its top: 4, 5 and 6 of 1 … 6.
    await page.mouse.move(x, plot!.y + plot!.height / 2);
    await page.mouse.down();
    await page.mouse.move(x, plot!.y + plot!.height / 4);
    await page.mouse.move(x, plot!.y + 2);
    await page.mouse.up();
    await chart.getByText('3 of 6', { exact: true }).waitFor();
    await page.reload();
    await chart.getByText('3 of 6', { exact: true }).waitFor();
    await chart.getByRole('button', { name: 'Show in the table' }).click();
    await page.getByText('3 of 6 trials').waitFor();
    expect([...(await firstCells(page))].sort()).toEqual(['4', '5', '6']);
    await page.goBack();
    await chart.getByRole('button', { name: 'Clear brushes' }).click();
    await chart.getByText('3 of 6', { exact: true }).waitFor({ state: 'detached' });
    const arranged = (word: string) => until(() => decodeURIComponent(page.url()).includes(word), { what: word, seen: () => page.url() });
    await chart.getByRole('button', { name: 'flip x' }).click();
    await arranged('"flipped":["x"]');
    await chart.getByRole('button', { name: 'logarithmic x' }).click();
    await arranged('"log":["x"]');
    await chart.getByRole('button', { name: /^axis x, 1 of 2/ }).press('ArrowRight');
    await arranged('"order":["loss","x"]');
    // The upper half of a logarithmic axis from 1 to 6 begins at the root of 6.
    await chart.getByRole('button', { name: /^axis x, 2 of 2/ }).press('ArrowUp');
    await chart.getByText('4 of 6', { exact: true }).waitFor();
  });

  it('is cloned, which can be taken back, and given a trial of chosen params', async () => {
    const { id, path } = await given.cluster.create(quick);
    const page = await given.visit(pageAt(path));
    await choose(page, 'Enqueue trials');
    await page.getByRole('dialog').getByLabel('Params').fill('{"x": 4}');
    await page.getByRole('dialog').getByRole('button', { name: 'Enqueue' }).click();
    await page.getByText('The trial is next in line.').waitFor();
    const enqueued = await given.cluster.trials(id);
    expect(enqueued.map(({ params }) => params)).toContainEqual({ x: 4 });
    await choose(page, 'Clone');
    await page.getByText(/^Cloned as \w+\.$/).waitFor();
    const clone = new URL(page.url()).pathname.split('/').at(-1)!;
    expect(clone).not.toBe(id);
    expect((await given.cluster.client.getSweep(clone)).name).toBe('parabola (copy)');
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(() => page.url().includes(id), { what: 'the page of the first sweep' });
    expect((await given.cluster.finished(clone)).state).toBe('cancelled');
    await given.cluster.client.commandSweep(id, 'cancel');
  });

  it('has its failed trials tried again', async () => {
    startAgent();
    const mended = join(given.cluster.folder, 'mended');
    const failing = gridOf(
      `if (params.x === 2 && !fs.existsSync(${JSON.stringify(mended)})) process.exit(3); report({ step: 0, loss: params.x });`,
      '',
      [1, 2],
    );
    const { id, path } = await given.cluster.create(failing);
    await given.cluster.finished(id);
    const page = await given.visit(pageAt(path));
    await page.getByText('1 failed.').waitFor();
    await writeFile(mended, '');
    await page.getByRole('button', { name: 'Retry failed' }).click();
    await page.getByText('The failed trial is queued again.').waitFor();
    await until(async () => (await given.cluster.client.getSweep(id)).counts.completed === 2, { what: 'the second try to succeed' });
    await page.getByRole('region', { name: 'Best trials' }).locator('tbody tr[data-id]').nth(1).waitFor();
  });

  it('is followed by all tabs through one stream, which another tab takes over where it was', async () => {
    const first = await given.visit('/');
    const streams: string[] = [];
    first.context().on('request', (request) => {
      if (new URL(request.url()).pathname.endsWith('/events')) streams.push(request.url());
    });
    await first.getByText('● live').waitFor();
    // Its own may have been asked for before or after the listener was there.
    streams.length = 0;
    const second = await first.context().newPage();
    await second.goto('/');
    await second.getByText('● live').waitFor();
    const create = (name: string) => given.cluster.create(quick.replace('parabola', name));
    const shown = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).waitFor();
    const made = [await create('seen by both')];
    await Promise.all([shown(first, 'seen by both'), shown(second, 'seen by both')]);
    expect(streams).toEqual([]);
    await first.close();
    made.push(await create('made in between'));
    await shown(second, 'made in between');
    await until(() => streams.length === 1, { what: 'the second tab to take over', seen: () => streams.join() });
    expect(new URL(streams[0]!).searchParams.get('since')).toMatch(/./);
    for (const { id } of made) await given.cluster.client.commandSweep(id, 'cancel');
  });
});
