/** What a page says while its data is on the way, when it cannot be had, and when there is none: never nothing, and what to do. */
import type { Page, Route } from 'playwright-core';
import { describe, it } from 'vitest';
import { type BrowserCluster, withBrowser } from '../support/browser.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';

interface Panel {
  readonly at: string;
  /** Of the addresses of its data, after /api/v1. */
  readonly asks: RegExp;
  /** What it calls itself: `Loading WHAT`, `Cannot show WHAT`. */
  readonly what: string;
  /** What it says when there is nothing to show. */
  readonly empty: string | RegExp;
}

const panel = (at: string, asks: RegExp, what: string, empty: Panel['empty']): Panel => ({ at, asks, what, empty });

const api = '/api/v1/';
const main = (page: Page) => page.getByRole('main');

const refusal = { type: 'about:blank', title: 'Bug', status: 500, code: 'bug', detail: 'The disk is on fire.' };
const fail = (route: Route): Promise<void> =>
  route.fulfill({ status: refusal.status, contentType: 'application/problem+json', body: JSON.stringify(refusal) });

/** On the way, then failed, then tried again with nothing there. */
async function throughItsStates(page: Page, { at, asks, what, empty }: Panel): Promise<void> {
  const held: Route[] = [];
  let failing = false;
  await page.route(
    ({ pathname }) => pathname.startsWith(api) && asks.test(pathname.slice(api.length)),
    (route) => (failing ? fail(route) : void held.push(route)),
  );
  await page.goto(at);
  await main(page).getByText(`Loading ${what} …`).first().waitFor();
  failing = true;
  await Promise.all(held.map(fail));
  const failed = main(page)
    .getByRole('alert')
    .filter({ hasText: `Cannot show ${what}` });
  await failed.getByText(refusal.detail).waitFor();
  await page.unrouteAll();
  // Some read again by themselves when something else has come.
  await failed.getByRole('button', { name: 'Try again' }).evaluateAll((buttons: readonly { click(): void }[]) => {
    for (const button of buttons) button.click();
  });
  await main(page).getByText(empty).first().waitFor();
  await failed.waitFor({ state: 'detached' });
  const still = () =>
    main(page)
      .getByText(/^Loading /)
      .allTextContents();
  await until(async () => (await still()).length === 0, { what: `${at} to have everything`, seen: () => what });
}

describe('a panel says that it waits, what went wrong and how to go on, and what would fill it', () => {
  let given: BrowserCluster;
  withBrowser((begun) => {
    given = begun;
  });
  /** Two at a time: most of it is waiting. */
  const all = async (panels: readonly Panel[]): Promise<void> => {
    const waiting = [...panels];
    const one = async (): Promise<void> => {
      const page = await given.visit('/start', { viewport: { width: 360, height: 740 } });
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await throughItsStates(page, next);
    };
    await Promise.all([one(), one()]);
  };

  it('before there is anything', async () => {
    await all([
      panel('/', /^sweeps$/, 'sweeps', 'Nothing here yet'),
      panel('/projects', /^projects$/, 'projects', 'The first sweep or run makes its project.'),
      panel('/runs', /^runs$/, 'runs', 'Create a sweep, or point a program'),
      panel('/agents', /^agents$/, 'machines', 'On the machine, with a key of its own'),
      panel('/queue', /^queue$/, 'the queue', 'Trials come here when all slots'),
      panel('/compare?runs=gone', /^runs$/, 'these runs', 'There is no run gone.'),
      panel('/settings', /^keys$/, 'keys', 'first key'),
      panel('/settings?tab=users', /^users$/, 'users', 'administrator'),
      panel('/settings?tab=tokens', /^tokens$/, 'join tokens', 'Make one, and run the command'),
      panel('/settings?tab=storage', /^storage$/, 'storage', 'The database takes'),
      panel('/me/nothing', /^sweeps$/, 'sweeps of me/nothing', 'No sweeps in me/nothing'),
      panel('/me/nothing?tab=artifacts', /^artifacts$/, 'artifacts of me/nothing', 'No artifacts in me/nothing'),
      panel('/me/nothing/runs/gone', /^runs\/./, 'run gone', 'Nothing here'),
      panel('/me/nothing/artifacts/model/gone/v0', /^artifacts\/./, 'artifact gone', 'Nothing here'),
    ]);
  });

  it('of a sweep that waits for a machine', async () => {
    const { id, path } = await given.cluster.create(gridOf('', '', [1, 2]));
    const at = `/${path.replace(/\/(\w+)$/, '/sweeps/$1')}`;
    const of = (part: string): RegExp => new RegExp(`^sweeps/${id}${part}$`);
    await all([
      panel(at, of(''), `sweep ${id}`, 'No agent is connected: start one with `sweep agent`.'),
      panel(at, of('/points'), 'its trials', 'No trial has logged loss yet.'),
      panel(at, of('/importance'), 'which params matter', /can be told from/),
      panel(at, of('/best'), 'the best trials', 'None yet: the first trial'),
      panel(`${at}?tab=trials`, of('/trials'), 'the trials', '2 trials'),
      panel(`${at}?tab=curves`, of('/trials'), 'curves', 'A metric appears here with its first logged value.'),
      panel(`${at}?tab=timeline`, of('/timeline'), 'the timeline', 'No trial has started yet.'),
      panel(`${at}?tab=decisions`, of('/decisions'), 'decisions', /^\d+ of \d+$/),
      panel(`${at}?tab=config`, of('/revisions'), 'revisions', 'This is how it began.'),
      panel(`${at}?tab=config&trial=1`, /^trials\/\w+$/, 'trial 1', 'Why it waits'),
    ]);
    const page = await given.visit(`${at}?tab=space`);
    await main(page).getByText('A param appears here when it varies').waitFor();
  });

  it('of a run that has not begun', async () => {
    const { id, path } = await given.cluster.create(gridOf('', '', [1]));
    const { id: run } = await until(async () => (await given.cluster.trials(id))[0], { what: 'its first trial' });
    const at = `/${path.split('/').slice(0, 2).join('/')}/runs/${run}`;
    const of = (part: string): RegExp => new RegExp(`^runs/${run}${part}$`);
    await all([
      panel(at, of('/keys'), 'its metrics', 'draws a curve here'),
      panel(`${at}?tab=media`, of('/keys'), 'its media', 'shows a picture here'),
      panel(`${at}?tab=tables`, of('/keys'), 'its tables', 'shows one here'),
      panel(`${at}?tab=system`, of('/keys'), 'its system metrics', 'every 15 seconds'),
      panel(`${at}?tab=console`, of('/console'), 'the console', 'Nothing was printed yet.'),
      panel(`${at}?tab=files`, of('/files'), 'its files', 'is kept here'),
      panel(`${at}?tab=artifacts`, of('/artifacts'), 'its artifacts', 'what was made and used'),
      panel(`${at}?tab=code`, of('/files'), 'its code', 'No code was kept'),
      panel(`/compare?runs=${run}`, of('/keys'), 'their metrics', 'None of them has measured anything yet.'),
    ]);
    const page = await given.visit(`${at}?tab=config`);
    await main(page).getByText('Nothing was logged yet.').waitFor();
  });
});
