/** Builds the dashboard. Nothing is inlined into the page, so that its policy needs no exception. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // Our libraries from source: the compiler need not have run.
  resolve: { alias: [{ find: /^@sweep\/([^/]+)$/, replacement: `${import.meta.dirname}/../../libs/$1/src/index.ts` }] },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
});
