/** Builds the dashboard. Nothing is inlined into the page, so that its policy needs no exception. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Removes what earlier builds left once everything new is there: a controller may be starting from these files. */
const removeOthers = (): Plugin => ({
  name: 'remove-others',
  writeBundle({ dir = '' }, bundle) {
    for (const name of readdirSync(join(dir, 'assets')))
      if (!(`assets/${name}` in bundle)) rmSync(join(dir, 'assets', name), { force: true });
  },
});

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), removeOthers()],
  // Our libraries from source: the compiler need not have run.
  resolve: { alias: [{ find: /^@sweep\/([^/]+)$/, replacement: `${import.meta.dirname}/../../libs/$1/src/index.ts` }] },
  build: {
    target: 'es2023',
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
});
