/**
 * A real Chromium in front of a real controller. Without one installed every test is skipped by name (`chromium: …`).
 *
 * Whatever a test does, its pages must end without a script error, a breach of their own policy or a request to another origin.
 */
import { spawnSync } from 'node:child_process';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Cluster, startCluster } from './cluster.js';
import { until } from './until.js';

export interface BrowserCluster {
  readonly cluster: Cluster;
  /** A page of a browser of its own, that nobody has signed in on. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** The same, signed in and at the path. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
];

/** The browser's program; null where none is installed. */
export function chromiumProgram(): string | null {
  const given = process.env['SWEEP_CHROMIUM'];
  if (given !== undefined) return given;
  return names.find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
}

export async function launchChromium(program: string): Promise<Browser> {
  return chromium.launch({
    executablePath: program.includes('/') ? program : spawnSync('which', [program]).stdout.toString().trim(),
    args: flags,
  });
}

/** One cluster and one browser for the file. */
export function withBrowser(begun: (given: BrowserCluster) => void): void {
  const program = chromiumProgram();
  let cluster: Cluster | undefined;
  let browser: Browser | undefined;
  let faults: string[] = [];

  beforeAll(async () => {
    if (program === null) return;
    [cluster, browser] = await Promise.all([startCluster(), launchChromium(program)]);
    const [system, chrome] = [cluster, browser];
    const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await chrome.newContext({
        baseURL: system.url,
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      watch(page, system.url, (fault) => faults.push(fault));
      return page;
    };
    begun({
      cluster: system,
      open,
      async visit(path, options) {
        const page = await open(options);
        const signedIn = await page.request.post('/api/v1/session', { data: { key: system.key } });
        if (!signedIn.ok()) throw new Error(`signing in was answered with ${signedIn.status()}: ${await signedIn.text()}`);
        await page.goto(path);
        await page.getByRole('navigation', { name: 'Pages' }).waitFor();
        return page;
      },
    });
  });
  beforeEach(({ skip }) => {
    if (program === null) skip('chromium: none is installed; set SWEEP_CHROMIUM to one');
    faults = [];
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(faults).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await cluster?.stop();
  });
}

function watch(page: Page, origin: string, onFault: (fault: string) => void): void {
  page.on('pageerror', ({ message }) => onFault(`script error: ${message}`));
  page.on('console', (message) => {
    // An answer of 401 or a cut connection is reported by the browser itself, whatever the page does about it.
    // What a shown file of somebody tries in its sandbox is refused, and reported as an error of that file.
    const refused =
      message.text().startsWith('Failed to load resource') || /files\/content\?.*show=1/.test(message.text() + message.location().url);
    if (message.type() === 'error' && !refused) onFault(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (asked !== origin && !['blob:', 'data:', 'about:'].includes(protocol)) onFault(`a request to ${request.url()}`);
  });
}

export async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

/**
 * What keeps people from using the page as it stands: what axe-core finds serious or worse in the light and in the dark, each with its
 * element. Fails where the page is wider than a telephone.
 */
export async function hindrances(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await seriousFindings(page, 'document');
  await page.emulateMedia({ colorScheme: 'dark' });
  // Names and roles are the same in both.
  const dark = await seriousFindings(page, `document, { runOnly: ['color-contrast'] }`);
  await page.emulateMedia({ colorScheme: null });
  await fitsTelephone(page);
  return [...light, ...dark.map((finding) => `dark: ${finding}`)];
}

async function seriousFindings(page: Page, context: string): Promise<readonly string[]> {
  const found = await page.evaluate<
    readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[]
  >(`axe.run(${context}).then(({ violations }) => violations)`);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

const telephone = { width: 360, height: 740 };

/** Only tables, tabs and drawings scroll sideways, each for itself. */
async function fitsTelephone(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize(telephone);
  await until(async () => (await page.evaluate<number>('document.documentElement.scrollWidth')) <= telephone.width, {
    what: `the page to fit ${telephone.width} pixels`,
    seen: () => page.url(),
  });
  if (before !== null) await page.setViewportSize(before);
}
