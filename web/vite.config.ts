import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { compressAssets, inlineStyles, reloadWhenBuilt } from './build-plugins.ts';

const web = import.meta.dirname;

export default defineConfig({
  root: web,
  base: '/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [inlineStyles(/guest|home|waitlist/), compressAssets(), reloadWhenBuilt()],
  build: {
    outDir: resolve(web, '../dist/web'),
    emptyOutDir: true,
    // Browsers of the last four years; syntax for older ones would make every phone load more.
    target: ['es2022', 'chrome100', 'firefox100', 'safari16'],
    assetsInlineLimit: 0,
    rolldownOptions: {
      // A service worker is for what lies beside and below it, under one name for ever.
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
      input: {
        sw: resolve(web, 'guest/service-worker.ts'),
        home: resolve(web, 'home/index.html'),
        guest: resolve(web, 'guest/index.html'),
        kitchen: resolve(web, 'kitchen/index.html'),
        board: resolve(web, 'board/index.html'),
        waitlist: resolve(web, 'waitlist/index.html'),
        bills: resolve(web, 'bills/index.html'),
        hall: resolve(web, 'hall/index.html'),
        door: resolve(web, 'door/index.html'),
        owner: resolve(web, 'owner/index.html'),
        menu: resolve(web, 'menu/index.html'),
        setup: resolve(web, 'setup/index.html'),
        staff: resolve(web, 'staff/index.html'),
        ops: resolve(web, 'ops/index.html'),
      },
    },
  },
});
