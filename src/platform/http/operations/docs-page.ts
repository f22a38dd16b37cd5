import { escapeHtml } from '../answer/escape-html.ts';
/** What is read of an OpenAPI document here. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: object;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: object }>> };
  readonly responses?: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: object }>> }
    >
  >;
}

/** Names in backquotes are code, as in the rest of the documentation. */
const prose = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
const json = (value: object): string =>
  `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;

const STYLE = `body{margin:0;background:#fff8f0;color:#2a1a12;font:1rem/1.5 system-ui,sans-serif}main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{margin:0;font-size:1.5rem}h2{margin:2rem 0 .5rem;font-size:1.25rem;text-transform:capitalize}h3{margin:1rem 0 .25rem;font-size:1rem}nav ul{display:flex;flex-wrap:wrap;gap:0 .5rem;padding:0;list-style:none}
nav a{display:inline-flex;align-items:center;min-width:2.75rem;min-height:2.75rem;padding:0 .5rem;color:#a51c14}details{margin:.375rem 0;border-radius:.625rem;background:#fff}
summary{min-height:2.75rem;box-sizing:border-box;padding:.6rem .875rem;cursor:pointer;overflow-wrap:anywhere}summary b{display:inline-block;min-width:4.25rem}.body{padding:0 .875rem .875rem}
pre{overflow:auto;max-height:24rem;margin:.25rem 0;padding:.75rem;border-radius:.625rem;background:#f6ebdf;font-size:.875rem}ul{margin:.25rem 0}:focus-visible{outline:3px solid #c2261d;outline-offset:2px}`;

/**
 * The API as a page that a person reads: each call under its tag, with what it takes and what it answers. It is one document without any
 * script, so it opens on a phone, by keyboard and without a network to anybody else.
 */
export function docsPage({ info, paths = {} }: OpenApi): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const [tag = 'other'] = operation.tags ?? [];
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationPart(path, method.toUpperCase(), operation)]);
    }
  }
  const idOf = (tag: string) => tag.replaceAll(' ', '-');
  const links = [...byTag.keys()].map((tag) => `<li><a href="#${idOf(tag)}">${escapeHtml(tag)}</a></li>`).join('');
  const parts = [...byTag].map(
    ([tag, calls]) =>
      `<section aria-labelledby="${idOf(tag)}"><h2 id="${idOf(tag)}">${escapeHtml(tag)}</h2>${calls.join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(info.title)} API</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(info.title)} API</h1><p>${prose(info.description ?? '')}</p>
<p>For programs: <a href="/api/openapi.json">openapi.json</a>.</p><nav aria-label="Kinds of calls"><ul>${links}</ul></nav>${parts.join('')}</main></body></html>`;
}

function operationPart(
  path: string,
  method: string,
  { summary, description, parameters = [], requestBody, responses = {} }: Operation,
): string {
  const fields = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<li><code>${escapeHtml(name)}</code> in ${place}${required ? ', required' : ''}${schema ? `: <code>${escapeHtml(JSON.stringify(schema))}</code>` : ''}</li>`,
  );
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h3>Body, ${escapeHtml(type)}</h3>${schema ? json(schema) : ''}`,
  );
  const answers = Object.entries(responses).map(([status, { description: says = '', content = {} }]) => {
    const [schema] = Object.values(content).map((each) => each.schema);
    return `<h3>${escapeHtml(status)} ${prose(says)}</h3>${schema ? json(schema) : ''}`;
  });
  return `<details><summary><b>${method}</b> <code>${escapeHtml(path)}</code> ${prose(summary ?? '')}</summary><div class="body">${description ? `<p>${prose(description)}</p>` : ''}${
    fields.length > 0 ? `<h3>Parameters</h3><ul>${fields.join('')}</ul>` : ''
  }${body.join('')}${answers.join('')}</div></details>`;
}
