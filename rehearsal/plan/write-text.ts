/** The plan as Markdown for a pull request, and in columns for the terminal. */

import { formatRate } from '../report/format.ts';
import type { Text } from '../report/run.ts';
import type { Plan } from './plan.ts';
import { COLUMNS, cellsOf, notesOf } from './rows.ts';

export function renderMarkdown(plan: Plan, language: keyof Text): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(plain).join(' | ')} |`;
  return [
    `## ${titleOf(plan)[language]}`,
    '',
    `**${plain(plan.advice[language])}**`,
    '',
    row(COLUMNS.map((column) => column[language])),
    `| ${COLUMNS.map((_, index) => (index === 0 || index === 3 ? '---' : '---:')).join(' | ')} |`,
    ...plan.rungs.map((rung) => row(cellsOf(rung, plan).map((cell) => cell[language]))),
    '',
    ...notesOf(plan).map((note) => `- ${plain(note[language])}`),
    '',
  ].join('\n');
}

export const titleOf = ({ peak }: Plan): Text => ({
  ko: `초당 ${formatRate(peak)}건을 버티는 값`,
  en: `What ${formatRate(peak)} requests a second cost`,
});

export function renderTerminal(plan: Plan, language: keyof Text): string {
  const rungs = plan.rungs.flatMap((rung) => {
    const [name, knee, perCore, machines, month, range, orders] = cellsOf(rung, plan).map((cell) => cell[language]);
    const [, kneeHead, perCoreHead, , , rangeHead, ordersHead] = COLUMNS.map((column) => column[language]);
    return [
      `${name}  ${month}`,
      `    ${machines}`,
      `    ${rangeHead} ${range}; ${ordersHead} ${orders}; ${kneeHead} ${knee}; ${perCoreHead} ${perCore}`,
    ];
  });
  return [plan.advice[language], '', ...rungs, '', ...notesOf(plan).map((note) => `- ${note[language]}`)].join('\n');
}

/** Names come from files: they stay text. */
const plain = (text: string): string =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]|#~]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('@', '&#64;');
