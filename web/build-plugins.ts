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
  return {
    name: 'matjip-inline-styles',
    transformIndexHtml: {
      order: 'post',
      handler(html, { path, bundle }) {
        if (!bundle || !pages.test(path)) return html;
        return html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g, (link, file: string) => {
          const asset = bundle[file];
          return asset?.type === 'asset' ? `<style>${String(asset.source)}</style>` : link;
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
