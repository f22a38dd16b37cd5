import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { compressAssets, inlineStyles, reloadWhenBuilt } from './build-plugins.ts';
import { firstWords } from './first-words.ts';
import { pageShells } from './shells.ts';

const web = import.meta.dirname;
const shells = pageShells(web);

export default defineConfig({
  root: web,
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [shells.plugin, inlineStyles(/guest|home|waitlist/), compressAssets(), firstWords(web), reloadWhenBuilt()],
  build: {
    outDir: resolve(web, '../dist/web'),
    emptyOutDir: true,
    // Browsers of the last four years; syntax for older ones would make every phone load more.
    target: ['es2022', 'chrome100', 'firefox100', 'safari16'],
    assetsInlineLimit: 0,
    rolldownOptions: {
      // A service worker is for what lies beside and below it, under one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      input: { sw: resolve(web, 'guest/service-worker.ts'), ...shells.inputs },
    },
  },
});
