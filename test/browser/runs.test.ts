/** The table of runs, machines, the queue and settings, as a person uses them. */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrowserCluster, hindrances, withBrowser } from '../support/browser.js';
import type { AgentOptions, RunningAgent } from '../support/cluster.js';
import { fakeGpus } from '../support/gpus.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

const quick = gridOf(`report({ step: 0, loss: params.x * 2 });`, 'name: doubles', [1, 2, 3, 4]);
const upTo = (most: number): readonly number[] => Array.from({ length: most }, (_, place) => place + 1);
const hostile = '<img src=x onerror=alert(1)>';

const table = (page: Page, name: string) => page.getByRole('region', { name, exact: true }).locator('tbody tr[data-id]');

describe('pages beside the sweep', () => {
  let given: BrowserCluster;
  withBrowser((begun) => {
    given = begun;
  });
  let agents: RunningAgent[] = [];
  const startAgent = (options: AgentOptions): void => void agents.push(given.cluster.startAgent(options));
  afterEach(async () => {
    for (const agent of agents) agent.kill('SIGTERM');
    for (const agent of agents) agent.kill('SIGINT');
    await Promise.all(agents.map((agent) => agent.ended));
    agents = [];
  });
  let ended: Promise<string> | null = null;
  /** The sweep of `quick` has run, once for all who only look at it. */
  const finished = (): Promise<string> => {
    const made = async (): Promise<string> => {
      startAgent({ slots: 2 });
      const { id } = await given.cluster.create(quick);
      await given.cluster.finished(id);
      return id;
    };
    ended ??= made();
    return ended;
  };

  it('show runs: filtered, ordered, grouped, and all of it in the address', async () => {
    const sweep = await finished();
    const page = await given.visit('/runs');
    await page.getByText('4 runs.', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill(`x > 2 and sweep = ${sweep}`);
    await page.getByText('2 runs match.').waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('x >');
    await page.getByText(/expected a value/).waitFor();
    await page.getByText('2 runs match.').waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('x > 1');
    await page.getByText('3 runs match.').waitFor();
    await page.getByRole('columnheader', { name: 'loss', exact: true }).getByRole('button').click();
    const losses = async () => (await table(page, 'Runs').locator('td:nth-child(4)').allTextContents()).join();
    await until(async () => (await losses()) === '8,6,4', { what: 'the largest loss first', seen: losses });
    await page.reload();
    await page.getByText('3 runs match.').waitFor();
    expect(new URL(page.url()).searchParams.get('where')).toBe('x > 1');
    await page.getByRole('combobox', { name: 'Group' }).click();
    await page.getByRole('option', { name: 'state', exact: true }).click();
    await table(page, 'Runs grouped by state').first().getByText('3 completed').waitFor();
    await table(page, 'Runs grouped by state').first().getByText('3 completed').click();
    await page.getByText('3 runs match.').waitFor();
    expect(await hindrances(page)).toEqual([]);
  });

  it('tag and delete runs, which can be undone, and keep a view', async () => {
    await finished();
    const { items } = await given.cluster.client.listRuns({ limit: 1 });
    const page = await given.visit(`/runs?project=${encodeURIComponent(items[0]!.project)}&where=${encodeURIComponent('x = 1')}`);
    const count = async (): Promise<number> => (await given.cluster.client.listRuns({ where: 'x = 1' })).total;
    const before = await count();
    await table(page, 'Runs').first().getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Tag' }).click();
    await page.getByLabel('Add tags').fill(`best, ${hostile}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Tag' }).click();
    await page.getByText('Tagged 1 run.').waitFor();
    expect((await given.cluster.client.listRuns({ where: 'tags = best' })).items[0]!.tags).toEqual(['best', hostile]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await given.cluster.client.listRuns({ where: 'tags = best' })).total === 0, {
      what: 'the tags to be taken back',
    });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Deleted 1 run.').waitFor();
    expect(await count()).toBe(before - 1);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await until(async () => (await count()) === before, { what: 'the run to be back' });

    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view' }).click();
    await page.getByLabel('Name').fill('only ones');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved the view "only ones".').waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).fill('');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'only ones by' }).click();
    await until(() => new URL(page.url()).searchParams.get('where') === 'x = 1', { what: 'the view to be opened' });
  });

  it('show machines with their GPUs and slots, stop what runs there, drain one and take that back, and say why trials wait', async () => {
    const page = await given.visit('/agents');
    const gpus = await fakeGpus(given.cluster.folder, { count: 2, memoryMiB: 40_960 });
    startAgent({ name: 'gpu-box', slots: 2, env: gpus.env, args: ['--gpus', 'all'] });
    await page.getByText(/1 machine is connected; 2 of 2 slots idle/).waitFor();
    const card = page.getByRole('list', { name: 'GPUs of gpu-box' }).getByRole('listitem').filter({ hasText: 'GPU 1' });
    for (const figure of ['7 %', '512 MiB of 40 GiB', '41 °C', /^6[01] W$/]) await card.getByText(figure).waitFor();
    const { id: endless } = await given.cluster.create(gridOf(`report({ loss: 1 }); for (;;) nap(50);`, '', [1, 2]));
    const slots = page.getByRole('list', { name: 'Slots of gpu-box' });
    for (const number of [1, 2]) await slots.getByRole('link', { name: `${endless}#${number}` }).waitFor();
    await page.goto(`/runs?where=${encodeURIComponent(`sweep = ${endless}`)}`);
    await table(page, 'Runs').first().getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Select all 2' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Asked 2 runs to stop.').waitFor();
    await given.cluster.finished(endless);
    await page.getByRole('link', { name: 'Agents' }).click();

    startAgent({ name: 'bad-box', env: { BROKEN: 'yes' } });
    await page.getByRole('region', { name: 'bad-box' }).waitFor();
    const { id: unlucky } = await given.cluster.create(
      gridOf(`if (env.BROKEN) process.exit(1); nap(100); report({ loss: 1 });`, '', upTo(20)),
    );
    const note = page.getByRole('region', { name: 'bad-box' }).getByRole('note').filter({ hasText: 'In quarantine since' });
    await note.waitFor();
    await note
      .getByText(/failed here .* and ran on gpu-box/)
      .nth(2)
      .waitFor();
    expect(await hindrances(page)).toEqual([]);
    await given.cluster.finished(unlucky);
    const box = page.getByRole('region', { name: 'gpu-box' });
    await box.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Drain' }).click();
    await page.locator('.state', { hasText: 'draining' }).waitFor();
    await given.cluster.create(quick);
    await page.getByRole('link', { name: 'Queue' }).click();
    await table(page, 'Waiting trials').first().getByText('doubles #').waitFor();
    await page.getByText(/^\d+ trials? waits?:/).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await page.getByRole('link', { name: 'Agents' }).click();
    await box.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Resume' }).click();
    await page.locator('.state', { hasText: 'draining' }).waitFor({ state: 'detached' });
    expect(await hindrances(page)).toEqual([]);
  });

  it('make a key and a join token, each shown once, revoke them, let a user in and out, and say what takes room', async () => {
    const page = await given.visit('/settings');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('laptop');
    await page.getByRole('button', { name: 'Make it' }).click();
    const secret = await page.getByRole('dialog').locator('pre').textContent();
    expect(secret).toMatch(/^[a-z0-9]{40}$/);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Revoke laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke laptop' }).waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain(secret!);
    await page.getByRole('link', { name: 'Join tokens' }).click();
    await page.getByRole('button', { name: 'New join token' }).click();
    await page.getByText(/sweep agent --url http.* --join [a-z0-9]{40}/).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
    await table(page, 'Join tokens').first().getByText('can be used').waitFor();
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'New user' }).click();
    await page.getByLabel('Name').fill('grace');
    await page.getByRole('button', { name: 'Add' }).click();
    await table(page, 'Users').filter({ hasText: 'grace' }).getByText('user', { exact: true }).waitFor();
    expect(await hindrances(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove grace' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove grace' }).waitFor({ state: 'detached' });
    expect((await given.cluster.client.listUsers()).items.map(({ name }) => name)).not.toContain('grace');
    await page.getByRole('link', { name: 'Storage' }).click();
    await page.getByText(/The database takes/).waitFor();
    await table(page, 'Room in the database').first().getByText(/B$/).waitFor();
    expect(await hindrances(page)).toEqual([]);
  });
});
