/** Makes `docs/guide/events.md` from `src/contract/events.ts`: `node scripts/event-reference.ts`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVENT_SOURCES } from '../src/contract/events.ts';

export const EVENT_REFERENCE = fileURLToPath(new URL('../docs/guide/events.md', import.meta.url));

/** As much of JSON Schema as the contract uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly format?: string;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  return schema.type ?? 'anything';
}

/** One row for each field, those of inner objects under the outer one's name. */
function rowsOf(schema: Schema, path = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const inner = field.type === 'array' ? field.items : field;
    const isOptional = !schema.required?.includes(name);
    const note = [field.description ?? (field.format && `${field.format}`), isOptional && 'may be absent']
      .filter(Boolean)
      .join('; ');
    return [
      `| \`${path}${name}\` | ${typeOf(field)} | ${note} |`,
      ...(inner?.properties ? rowsOf(inner, `${path}${name}${field.type === 'array' ? '[]' : ''}.`) : []),
    ];
  });
}

export function eventReference(): string {
  const sources = EVENT_SOURCES.map((source) => {
    const events = source.events.map(({ name, when, data }) => {
      const rows = rowsOf(data as Schema);
      const table = rows.length > 0 ? ['| field | type | |', '|---|---|---|', ...rows].join('\n') : 'It carries `{}`.';
      return `### \`${name}\`\n\nWhen ${when}.\n\n${table}\n`;
    });
    return `## ${source.title}\n\n\`${source.at}\`, for ${source.who}.\n\n${source.promise}\n\n${events.join('\n')}`;
  });
  return [
    '# Events',
    '',
    '[한국어](events.ko.md)',
    '',
    '<!-- Made by scripts/event-reference.ts from src/contract/events.ts; a test holds them equal. -->',
    '',
    'What can be heard from outside, where, and what each event carries. Every stream has a heartbeat each 20 seconds, and',
    'answers 503 with `Retry-After` when the process has as many readers as it can take: ask for the thing itself then.',
    '',
    ...sources,
  ].join('\n');
}

if (import.meta.main) writeFileSync(EVENT_REFERENCE, eventReference());
