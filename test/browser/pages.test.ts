/** What holds for every page: nothing hostile runs, everybody can use it, it fits a telephone, every address restores its view. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BrowserCluster, chromiumProgram, seriousFindings, withBrowser } from '../support/browser.js';
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

describe('the pages of the dashboard', () => {
  let given: BrowserCluster;
  let address = '';
  withBrowser((begun) => {
    given = begun;
  });
  beforeAll(async () => {
    if (chromiumProgram() === null) return;
    given.cluster.startAgent({ slots: 2 });
    const { id, path } = await given.cluster.create(hostile);
    await given.cluster.finished(id);
    address = `/${path.replace(/\/(\w+)$/, '/sweeps/$1')}`;
  });

  const tabs = ['overview', 'trials', 'curves', 'timeline', 'space', 'decisions', 'config'];
  const everyPage = (): readonly string[] => [
    ...tabs.map((tab) => `${address}?tab=${tab}&trial=1`),
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

  it.each(['light', 'dark'] as const)(
    'run nothing that a name or a value holds, and have nothing that axe finds serious, in %s',
    async (colorScheme) => {
      const page = await given.visit('/', { colorScheme });
      const found: Record<string, readonly string[]> = {};
      for (const path of everyPage()) {
        await page.goto(path);
        await shown(page);
        expect(await page.evaluate('window.hacked'), path).toBeUndefined();
        const serious = await seriousFindings(page);
        if (serious.length > 0) found[path] = serious;
      }
      expect(found).toEqual({});
    },
  );

  it('fit a window of 360 pixels: only tables and tabs scroll sideways', async () => {
    const page = await given.visit('/', { viewport: { width: 360, height: 740 } });
    for (const path of everyPage()) {
      await page.goto(path);
      await shown(page);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360);
    }
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
