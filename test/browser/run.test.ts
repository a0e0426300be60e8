/** The pages of runs, with what the real `wandb` client logged, and with what a program prints while somebody looks. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserCluster, chromiumProgram, hindrances, withBrowser } from '../support/browser.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';
import { wandbClient, wandbOn } from '../support/wandb-client.js';

const client = '0.31.0';

/** Loads of a page wait for nothing that lies elsewhere. */
const notHacked = async (page: Page) => expect(await page.evaluate('window.hacked')).toBeUndefined();
const figure = (page: Page, name: string) => page.getByRole('figure', { name, exact: true });
const tab = (page: Page, name: string) => page.getByRole('navigation', { name: 'Parts of this run' }).getByRole('link', { name }).click();

describe('a run that the wandb client logged', () => {
  let given: BrowserCluster;
  let missing: string | null = null;
  /** ENTITY/PROJECT/ID of two runs alike but for their learning rate. */
  let runs: readonly string[] = [];
  let page: Page;
  withBrowser((begun) => {
    given = begun;
  });
  beforeAll(async () => {
    if (chromiumProgram() === null) return;
    const environment = await wandbClient(client);
    if (typeof environment !== 'string') {
      missing = environment.skip;
      return;
    }
    const wandb = wandbOn(given.cluster, environment);
    const logged = (name: string, lr: string) => wandb.program('shown', { env: { SHOWN_NAME: name, SHOWN_LR: lr } });
    const told = await Promise.all([logged('everything', '0.001'), logged('other', '0.1')]);
    runs = told.map((one) => (one.told as { readonly path: string }).path);
  });
  beforeEach(async ({ skip }) => {
    if (missing !== null) skip(missing);
    page = await given.visit(`/${runs[0]!.replace(/\/(\w+)$/, '/runs/$1')}`);
    await page.getByRole('heading', { name: 'everything' }).waitFor();
  });
  afterEach(() => notHacked(page));

  it('shows its curves by prefix, zoomed together, its histograms, and the chart that it asked for', async () => {
    await figure(page, 'train/loss').getByText('1 curve of train/loss').waitFor({ state: 'attached' });
    await page.getByRole('heading', { name: 'val', exact: true }).waitFor();
    await page.setViewportSize({ width: 1280, height: 2_000 });
    await figure(page, 'val/acc').getByText('1 curve of val/acc').waitFor({ state: 'attached' });
    const range = async (name: string) => /from (.*?);/.exec((await figure(page, name).locator('.chart-words').textContent()) ?? '')?.[1];
    expect(await range('val/acc')).toBe('0 to 19');
    const plot = (await figure(page, 'train/loss').locator('.u-over').boundingBox())!;
    await page.mouse.move(plot.x + plot.width / 4, plot.y + plot.height / 2);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2, { steps: 3 });
    await page.mouse.up();
    await until(async () => (await range('val/acc')) !== '0 to 19', { what: 'the other chart to be zoomed, too' });
    expect(await range('val/acc')).toBe(await range('train/loss'));
    await page.mouse.dblclick(plot.x + plot.width / 2, plot.y + plot.height / 2);
    await until(async () => (await range('val/acc')) === '0 to 19', { what: 'all of it to be shown again' });
    await page.getByRole('region', { name: 'Bars of letters' }).locator('canvas').waitFor();
    // Drawn once it is scrolled to.
    await page.getByRole('heading', { name: 'Histograms' }).scrollIntoViewIfNeeded();
    await page.mouse.wheel(0, 5_000);
    await figure(page, 'weights').getByText('4 histograms, from step 0 to 15.').waitFor({ state: 'attached' });
    await figure(page, '<img src=x onerror="window.hacked=1">').waitFor();
    expect(await hindrances(page)).toEqual([]);
  });

  it('is drawn over another axis, smoothed, and searched, all of it in the address', async () => {
    await page.getByLabel('Search metrics').fill('loss');
    await figure(page, 'val/acc').waitFor({ state: 'detached' });
    await page.getByRole('combobox', { name: /^x/ }).selectOption({ label: 'epoch' });
    await page.getByText('1 curve of train/loss over epoch from 0 to 4.75').waitFor({ state: 'attached' });
    await page.getByLabel('Smoothing').fill('0.9');
    await until(() => page.url().includes('smooth=0.9'), { what: 'the address to say so' });
    await page.reload();
    await page.getByText('1 curve of train/loss over epoch').waitFor({ state: 'attached' });
    await figure(page, 'val/acc').waitFor({ state: 'detached' });
  });

  it('shows pictures of each step with masks and boxes, sounds, films, and pages in which nothing runs', async () => {
    await tab(page, 'Media');
    const sample = page.getByRole('region', { name: 'sample' });
    const picture = sample.getByRole('img', { name: 'step 15' });
    await until(async () => (await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) === 64, {
      what: 'the picture',
    });
    await sample.getByText('square', { exact: true }).waitFor();
    await sample.getByLabel('boxes found').uncheck();
    await sample.getByText('square', { exact: true }).waitFor({ state: 'detached' });
    await sample.getByLabel('step of sample').fill('0');
    await sample.getByRole('img', { name: 'step 0' }).waitFor();
    const shown = page.getByRole('region', { name: 'page', exact: true });
    expect(await shown.locator('iframe').getAttribute('sandbox')).toBe('');
    await shown.locator('iframe').contentFrame().getByText('hello page').waitFor();
    await page.getByRole('region', { name: 'hum' }).locator('audio').waitFor();
    const film = page.getByRole('region', { name: 'film' }).locator('video');
    await film.scrollIntoViewIfNeeded();
    await until(() => film.evaluate((video: { videoWidth: number }) => video.videoWidth === 32), { what: 'the film' });
    const moves = page.getByRole('region', { name: 'moves' }).getByRole('img', { name: 'it moves' });
    await moves.scrollIntoViewIfNeeded();
    await until(() => moves.evaluate((image: { naturalWidth: number }) => image.naturalWidth === 16), { what: 'what moves' });
    expect(await hindrances(page)).toEqual([]);
  });

  it('shows tables that are sorted and searched, and whose cells are text', async () => {
    await tab(page, 'Tables');
    const table = page.getByRole('region', { name: 'predictions' }).first();
    const names = () => table.locator('tbody tr[data-id] td:first-child').allTextContents();
    await until(async () => (await names()).join() === 'ada,bob,eve', { what: 'its rows' });
    await table.getByRole('button', { name: 'score' }).click();
    await table.getByRole('button', { name: 'score' }).click();
    await until(async () => (await names()).join() === 'bob,ada,eve', { what: 'the smallest first, what is missing last' });
    await table.getByRole('searchbox').fill('onerror');
    await until(async () => (await names()).join() === 'bob', { what: 'the one with the hostile note' });
    await table.getByText('<img src=x onerror="window.hacked=1">').waitFor();
    expect(await hindrances(page)).toEqual([]);
  });

  it('shows pictures, sounds and pages in the cells of a table, large when they are asked for', async () => {
    await tab(page, 'Tables');
    const table = page.getByRole('region', { name: 'seen' }).first();
    const picture = table.getByRole('img', { name: 'step 2' });
    await until(async () => (await picture.evaluate((image: { naturalWidth: number }) => image.naturalWidth)) === 64, {
      what: 'the picture of the last row',
    });
    expect(await table.locator('audio').count()).toBe(3);
    await table.locator('iframe').first().contentFrame().getByText('report 0').waitFor();
    expect(await table.locator('tbody td:nth-child(2)').first().textContent()).toMatch(/^2026-03-0\d \d\d:00:00$/);
    await table.getByRole('searchbox').fill('row 1');
    await table.getByRole('button', { name: 'Enlarge step 1' }).click();
    const large = page.getByRole('dialog', { name: 'seen' });
    await large.getByText('square', { exact: true }).waitFor();
    await large.getByLabel('mask truth').uncheck();
    expect(await hindrances(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await table.getByText('row 1').waitFor();
  });

  it('shows what it printed with its colours, and finds words in it', async () => {
    await tab(page, 'Console');
    await page.getByLabel('Search the console').fill('green');
    const words = page.getByRole('log').getByText('green words');
    expect(await words.getAttribute('class')).toContain('ansi-green');
    await page.getByLabel('Search the console').fill('onerror');
    await page.getByRole('log').getByText('console <img src=x onerror="window.hacked=1">').waitFor();
  });

  it('shows the code that ran and what it differed by from its commit, and what the machine did', async () => {
    await tab(page, 'Code');
    const code = page.getByRole('navigation', { name: 'Files of code' });
    await code.getByRole('button', { name: 'diff.patch' }).waitFor();
    await page.locator('.patch-removed', { hasText: '-lr = 0.1' }).waitFor();
    await page.locator('.patch-added', { hasText: '+lr = 0.01' }).waitFor();
    await code.getByRole('button', { name: /train\.py$/ }).click();
    await page.locator('pre', { hasText: /^lr = 0\.01/ }).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await tab(page, 'System');
    await figure(page, 'system.cpu')
      .getByText(/^1 curve of system\.cpu over time/)
      .waitFor({ state: 'attached' });
    expect(await hindrances(page)).toEqual([]);
  });

  it('shows config, files, and artifacts with where they come from', async () => {
    await tab(page, 'Config');
    await page.getByText('net.width').waitFor();
    await tab(page, 'Files');
    await page.getByLabel('Search files').fill('drawing');
    await page.getByText('drawing.svg').first().click();
    await page.getByText('<script>parent.hacked=1</script>').waitFor();
    await tab(page, 'Artifacts');
    await page.getByRole('button', { name: 'model-everything:v0' }).click();
    await page.getByRole('heading', { name: 'model-everything:v0' }).waitFor();
    const files = page.getByRole('region', { name: 'Files of model-everything:v0' });
    await files.getByText('weights.txt').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), files.getByRole('link', { name: 'Download' }).click()]);
    expect(await readFile((await download.path())!, 'utf8')).toBe('weights');
    expect(await hindrances(page)).toEqual([]);
    await page.getByTestId('answer').getByRole('link', { name: 'everything' }).click();
    await page.getByRole('heading', { name: 'everything', exact: true }).waitFor();
  });

  it('is found from its project and by search', async () => {
    const [entity, project] = runs[0]!.split('/');
    await page.goto(`/${entity}/${project}/artifacts`);
    await page.getByRole('link', { name: 'model-other' }).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await page.getByRole('navigation', { name: 'Parts of this project' }).getByRole('link', { name: 'Runs' }).click();
    await page.getByRole('link', { name: 'everything' }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: /^Search sweeps/ }).fill('EVERYTH');
    await page.getByRole('menuitem', { name: 'everything' }).click();
    await page.getByRole('heading', { name: 'everything', exact: true }).waitFor();
  });

  it('is compared with another: curves over each other, what differs first', async () => {
    await page.goto(`/compare?runs=${runs.map((path) => path.split('/').at(-1)).join()}`);
    await page.getByRole('heading', { name: '2 runs compared' }).waitFor();
    await page.getByText('2 curves of train/loss').waitFor({ state: 'attached' });
    const config = page.getByRole('region', { name: 'Config' });
    expect(await config.locator('tbody tr[data-id] td:first-child').first().textContent()).toBe('lr');
    expect(await hindrances(page)).toEqual([]);
    await page.getByRole('button', { name: 'leave out other' }).click();
    await page.getByRole('heading', { name: '1 runs compared' }).waitFor();
  });
});

describe('the run of a trial', () => {
  let given: BrowserCluster;
  withBrowser((begun) => {
    given = begun;
  });

  it('is followed while it prints and measures, without a reload', async () => {
    const agent = given.cluster.startAgent();
    try {
      const { id, path } = await given.cluster.create(
        gridOf(
          `for (let step = 0; ; step++) { report({ step, loss: 1 / (step + 1) }); console.log('\\x1b[31mline ' + step + '\\x1b[0m'); nap(50); }`,
          '',
          [1],
        ),
      );
      await until(async () => (await given.cluster.trials(id))[0]?.state === 'running', { what: 'the trial to run' });
      const { id: run } = await given.cluster.client.getTrial(`${id}#1`);
      const page = await given.visit(`/${path.split('/').slice(0, 2).join('/')}/runs/${run}?tab=console`);
      // Only the lines in sight exist: the end is followed.
      const latest = async (): Promise<number> =>
        Number(/line (\d+)$/.exec((await page.locator('.console-line').allTextContents()).at(-1) ?? '')?.[1] ?? 0);
      const first = await until(latest, { what: 'what it printed so far' });
      await until(async () => (await latest()) > first + 30, { what: 'what it prints now', seen: () => first });
      await page.getByRole('link', { name: 'Charts' }).click();
      await figure(page, 'loss').getByText('1 curve of loss').waitFor({ state: 'attached' });
      await given.cluster.client.commandSweep(id, 'cancel');
      await given.cluster.finished(id);
      await page.locator('.run-head').getByText('cancelled').waitFor();
      await page.getByRole('link', { name: 'Attempts' }).click();
      await page.getByRole('region', { name: 'Attempts' }).getByText('slot 0').waitFor();
    } finally {
      agent.kill('SIGTERM');
      agent.kill('SIGINT');
      await agent.ended;
    }
  });
});
