/** Who gets in, and how they get out. */
import { createClient } from '@sweep/api';
import { describe, expect, it } from 'vitest';
import { type BrowserCluster, signIn, withBrowser } from '../support/browser.js';
import { until } from '../support/until.js';

describe('signing in', () => {
  let given: BrowserCluster;
  withBrowser((begun) => {
    given = begun;
  });

  it('with a key opens the page that was asked for, and lasts over a reload', async () => {
    const page = await given.open();
    await page.goto('/projects');
    await signIn(page, given.cluster.key);
    await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Projects', exact: true }).waitFor();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    // No script can read what proves who is there, and the key is kept nowhere.
    expect(await page.evaluate(`document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)`)).not.toContain(
      given.cluster.key,
    );
  });

  it('with a wrong key says so, and lets one try again', async () => {
    const page = await given.open();
    await page.goto('/');
    await page.getByLabel('API key').fill('x'.repeat(40));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is unknown, revoked or expired.').waitFor();
    await signIn(page, given.cluster.key);
  });

  it('is refused with an expired key', async () => {
    const { client, url } = given.cluster;
    const { secret } = await client.createKey({ name: 'short', scope: 'user', expiresInSeconds: 1 });
    const short = createClient({ url, key: secret! });
    await until(
      () =>
        short.listSweeps().then(
          () => false,
          () => true,
        ),
      { what: 'the key to expire' },
    );
    const page = await given.open();
    await page.goto('/');
    await page.getByLabel('API key').fill(secret!);
    await page.keyboard.press('Enter');
    await page.getByText('This key is unknown, revoked or expired.').waitFor();
  });

  it('ends when the key is revoked: the next thing asked for leads back here', async () => {
    const { client } = given.cluster;
    const key = await client.createKey({ name: 'lent', scope: 'user' });
    const page = await given.open();
    await page.goto('/');
    await signIn(page, key.secret!);
    await client.revokeKey(key.id);
    // Unless something else has asked already.
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByLabel('API key').waitFor();
  });

  it('ends with signing out, also for what the browser has kept', async () => {
    const page = await given.visit('/');
    await page.getByRole('button', { name: /▾$/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
  });

  it('shows a person who has nothing yet the exact commands', async () => {
    const page = await given.visit('/');
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
    await page.getByText(`sweep login ${given.cluster.url}`).waitFor();
    await page.getByText(`export WANDB_BASE_URL=${given.cluster.url}`).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the command that logs in' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`sweep login ${given.cluster.url}`);
  });
});
