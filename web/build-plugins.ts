import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * Puts a page's style sheets into its HTML. On a bad signal every further request costs a second; with the style
 * inside, the first answer alone already paints the frame of the page.
 * @param pages paths of the pages it is worth for
 */
export function inlineStyles(pages: RegExp): Plugin {
  const inlined = new Set<string>();
  return {
    name: 'matjip-inline-styles',
    // What a page has inside is not loaded again by a part that comes later, to lie above the page's own rules.
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk' || !pages.test(chunk.name) || !chunk.code.includes('__vite__mapDeps')) continue;
          chunk.code = chunk.code.replace(/"(assets\/[\w-]+\.css)"/g, (quoted, file: string) =>
            inlined.has(file) ? `"${chunk.fileName}"` : quoted,
          );
        }
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (!bundle || !pages.test(path)) return html;
        return html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g, (link, file: string) => {
          const asset = bundle[file];
          if (asset?.type !== 'asset') return link;
          inlined.add(file);
          return `<style>${String(asset.source)}</style>`;
        });
      },
    },
  };
}

/** Below this, the compressed file saves less than its headers cost. */
const COMPRESS_FROM_BYTES = 512;

/** Lays a `.gz` and a `.br` beside each asset, as small as they get: made once here rather than at each request. */
export function compressAssets(): Plugin {
  return {
    name: 'matjip-compress-assets',
    apply: 'build',
    writeBundle({ dir }) {
      const folder = join(dir!, 'assets');
      for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const bytes = readFileSync(join(folder, name));
        if (bytes.length < COMPRESS_FROM_BYTES) continue;
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes));
      }
    },
  };
}

/** Where a page in development looks for the number of the last build. */
const BUILT = 'assets/built.txt';

/**
 * What a page does in development: it asks each half second whether the pages were built again, and is loaded anew as soon as the server
 * gives the new one. Until it has been started again it gives the old one, and then for a moment none.
 */
const RELOAD = `const mine = new URL(import.meta.url).search.slice(1);
const read = (url) => fetch(url, { cache: 'no-store' }).then((answer) => (answer.ok ? answer.text() : ''), () => '');
setInterval(async () => {
  const built = await read('/${BUILT}');
  if (built && built !== mine && (await read(location.href)).includes(built)) location.reload();
}, 500);
`;

/** While `npm run dev` watches, pages load themselves again when they were built; what is shipped has none of it. */
export function reloadWhenBuilt(): Plugin {
  let build = '';
  return {
    name: 'matjip-reload-when-built',
    apply: (_config, { command }) => command === 'build' && process.argv.includes('--watch'),
    buildStart() {
      build = String(Date.now());
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'assets/reload.js', source: RELOAD });
      this.emitFile({ type: 'asset', fileName: BUILT, source: build });
    },
    transformIndexHtml: () => [
      { tag: 'script', attrs: { type: 'module', src: `/assets/reload.js?${build}` }, injectTo: 'head' },
    ],
  };
}
