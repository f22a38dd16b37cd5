import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { FIRST_SENTENCES, WITHOUT_SCRIPT } from './guest/first-words.ts';
import { en } from './i18n/en.ts';
import { ja } from './i18n/ja.ts';
import { ko } from './i18n/ko.ts';
import { zh } from './i18n/zh.ts';

const LANGUAGES = { ko, en, ja, zh };

/**
 * Lays beside the guest's page what the server needs to say its first words: sentences in each language, the script of a language that comes
 * later, and the few lines that run in the page itself. So there is one source of each sentence, and the server imports no page.
 */
export function firstWords(web: string): Plugin {
  const atOnce = resolve(web, 'guest/at-once.js');
  return {
    name: 'matjip-first-words',
    apply: 'build',
    buildStart() {
      this.addWatchFile(atOnce);
    },
    generateBundle(_options, bundle) {
      const scripts = new Map<string, string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.facadeModuleId) scripts.set(chunk.facadeModuleId, `/${chunk.fileName}`);
      }
      const languages = Object.entries(LANGUAGES).map(([language, sentences]) => {
        const code = language as keyof typeof LANGUAGES;
        const said = {
          ...Object.fromEntries(FIRST_SENTENCES.map((key) => [key, sentences[key]])),
          ...Object.fromEntries(Object.entries(WITHOUT_SCRIPT).map(([key, words]) => [key, words[code]])),
        };
        return [language, { sentences: said, script: scripts.get(resolve(web, `i18n/${language}.ts`)) ?? null }];
      });
      this.emitFile({
        type: 'asset',
        fileName: 'guest/words.json',
        source: JSON.stringify({ atOnce: readFileSync(atOnce, 'utf8'), languages: Object.fromEntries(languages) }),
      });
    },
  };
}
