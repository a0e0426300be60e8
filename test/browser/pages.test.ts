/** What holds for every page: nothing hostile runs, everybody can use it, it fits a telephone, every address restores its view. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BrowserCluster, chromiumProgram, hindrances, withBrowser } from '../support/browser.js';
import { command } from '../support/programs.js';
import { until } from '../support/until.js';

const image = '<img src=x onerror="window.hacked=1">';
const script = '</script><script>window.hacked=1</script>';

/** Everything that a person or a program may name is named by somebody who means ill. */
const hostile = `
name: ${JSON.stringify(image)}
method: grid
metric: {name: ${JSON.stringify(script)}, goal: minimize}
parameters:
  ${JSON.stringify(image)}: {values: [1, 2]}
  constructor: {values: ["=HYPERLINK(1+1)", "${script.replaceAll('/', '\\/')}"]}
${command(
  `report({ step: 0, [${JSON.stringify(script)}]: 1, '=1+1': 2, __proto__x: 3, 'nan': NaN }); report({ step: 1, [${JSON.stringify(script)}]: Infinity }); console.log(${JSON.stringify(`${image}${script}`)});`,
)}
`;

/** Of three trials the one in the middle is beaten in both. */
const tradeOff = `
method: grid
metrics: [{name: loss, goal: minimize}, {name: ms, goal: minimize}]
parameters: {x: {values: [1, 2, 3]}}
${command(`report({ step: 0, loss: [3, 4, 1][params.x - 1], ms: [1, 4, 3][params.x - 1] });`)}
`;

describe('the pages of the dashboard', () => {
  let given: BrowserCluster;
  let address = '';
  let front = '';
  withBrowser((begun) => {
    given = begun;
  });
  beforeAll(async () => {
    if (chromiumProgram() === null) return;
    given.cluster.startAgent({ slots: 2 });
    const { id, path } = await given.cluster.create(hostile);
    await given.cluster.finished(id);
    address = `/${path.replace(/\/(\w+)$/, '/sweeps/$1')}`;
    const both = await given.cluster.create(tradeOff);
    await given.cluster.finished(both.id);
    front = `/${both.path.replace(/\/(\w+)$/, '/sweeps/$1')}`;
  });

  const tabs = ['overview', 'trials', 'curves', 'timeline', 'space', 'decisions', 'config'];
  const everyPage = (): readonly string[] => [
    ...tabs.map((tab) => `${address}?tab=${tab}&trial=1`),
    front,
    ...['/', '/projects', '/start', '/nothing/at/all/here', '/runs', '/agents', '/queue', '/settings'],
  ];
  const shown = async (page: Page): Promise<void> => {
    await page.getByRole('main').waitFor();
    await until(async () => (await page.getByText(/^Loading /).count()) === 0, { what: 'the page to be there', seen: () => page.url() });
  };

  it('export no formula', async () => {
    const page = await given.visit(`${address}?tab=trials`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
    const text = await readFile((await download.path())!, 'utf8');
    expect(text).toContain(`"'=HYPERLINK(1+1)"`);
    expect(text).not.toMatch(/(^|,)"?[=+@]/m);
  });

  it('run nothing that a name or a value holds, can be used by everybody in the light and in the dark, and fit a telephone', async () => {
    const page = await given.visit('/');
    const found: Record<string, readonly string[]> = {};
    for (const path of everyPage()) {
      await page.goto(path);
      await shown(page);
      expect(await page.evaluate('window.hacked'), path).toBeUndefined();
      const hindering = await hindrances(page);
      if (hindering.length > 0) found[path] = hindering;
    }
    expect(found).toEqual({});
  });

  it('draw what is had at the price of something else', async () => {
    const page = await given.visit(front);
    const chart = page.getByRole('figure', { name: 'Trade-off between objectives' });
    await chart.getByText('2 of 3 trials are on the front of loss, ms').waitFor({ state: 'attached' });
    await page.getByRole('heading', { name: 'No other trial beats these in everything' }).waitFor();
    const best = page.getByRole('region', { name: 'Best trials' }).locator('tbody tr[data-id] td:first-child');
    await until(async () => [...(await best.allTextContents())].sort().join() === '1,3', { what: 'the two on the front' });
    const [download] = await Promise.all([page.waitForEvent('download'), chart.getByRole('button', { name: /save as SVG$/ }).click()]);
    const drawing = await readFile((await download.path())!, 'utf8');
    expect(drawing.match(/<circle [^>]*r="6"[^>]*fill="none"/g)).toHaveLength(2);
  });

  it('are found by search, and explain their keys', async () => {
    const page = await given.visit('/');
    await page.getByText('● live').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.getByRole('searchbox').fill('onerror');
    await page.getByRole('menuitem', { name: image }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: image }).waitFor();
  });
});
