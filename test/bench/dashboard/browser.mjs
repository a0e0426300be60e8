/** A real Chromium, signed in, and clocks inside its pages: what a person waits for ends with a frame, not with an answer. */
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Null where none is installed. */
export function chromiumProgram() {
  if (process.env.SWEEP_CHROMIUM !== undefined) return process.env.SWEEP_CHROMIUM;
  const name = names.find((one) => spawnSync(one, ['--version']).status === 0);
  return name === undefined ? null : spawnSync('which', [name]).stdout.toString().trim();
}

export async function signedIn(program, { url, key }) {
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 } });
  await context.addInitScript(clocks);
  const page = await context.newPage();
  await page.goto('/');
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return { browser, page };
}

/** Runs in each page before its own scripts. */
function clocks() {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  globalThis.bench = {
    /** Milliseconds from now, or from `begun`, to the frame in which the probe holds. */
    async until(probe, begun = performance.now(), withinMs = 60_000) {
      for (;;) {
        if (probe()) {
          await frame();
          return performance.now() - begun;
        }
        if (performance.now() - begun > withinMs) throw new Error(`waited ${withinMs} ms for ${probe}`);
        await frame();
      }
    },
    frame,
    /** From each such event to the frame after all that it caused. */
    answers(type) {
      const waits = [];
      addEventListener(type, ({ timeStamp }) => frame().then(() => waits.push(performance.now() - timeStamp)), {
        capture: true,
        passive: true,
      });
      return waits;
    },
    /** From `begun` to the last frame in which the canvases of `bench.canvases` changed. */
    async settled(begun) {
      const small = new OffscreenCanvas(200, 60).getContext('2d', { willReadFrequently: true });
      const look = () => {
        small.clearRect(0, 0, 200, 60);
        for (const canvas of bench.canvases) small.drawImage(canvas, 0, 0, 200, 60);
        return small.getImageData(0, 0, 200, 60).data.join();
      };
      let [before, changed] = [look(), performance.now()];
      for (let still = 0; still < 12; still += 1) {
        await frame();
        const now = look();
        if (now === before) continue;
        [before, changed, still] = [now, performance.now(), 0];
      }
      return changed - begun;
    },
    firstRow: () => document.querySelector('tbody tr[data-id] td:nth-child(2)')?.textContent ?? '',
  };
}
