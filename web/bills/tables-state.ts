import { computed, signal } from '@preact/signals';
import type { BillView } from '../../src/contract/bill.ts';
import type { CancelReason } from '../../src/contract/order.ts';
import type { TableLinks } from '../../src/contract/store-settings.ts';
import { say } from '../shared/parts/notice.tsx';
import { getJson, request } from '../shared/server/api.ts';
import { ApiProblem } from '../shared/server/problem.ts';
import { isRead, open, path, refreshShown, replaceShown, token } from './bills-state.ts';
import { words } from './table-words.ts';

/** The tables of the store with what their codes hold; null before the first answer. */
const links = signal<TableLinks | null>(null);

/** Tables without guests, as far as this page knows: whoever taps one that was just taken sees its bill. */
export const freeTables = computed(() => {
  if (!isRead.value) return [];
  const taken = new Set(open.value.flatMap(({ table, merged = [] }) => [table, ...merged]));
  return (links.value?.tables ?? []).map(({ table }) => table).filter((table) => !taken.has(table));
});

/** Whether the tables of the store are known here. */
export const areListed = computed(() => (links.value?.tables.length ?? 0) > 0);

/** Tables with guests. */
export const takenTables = computed(() =>
  open.value.flatMap(({ table, merged = [] }) => (table === null ? [] : [table, ...merged])),
);

/** Where staff order for a table, as its guests would. */
export const linkOf = (table: string): string | undefined =>
  links.value?.tables.find((each) => each.table === table)?.path;

export async function loadTables(): Promise<void> {
  links.value = await getJson<TableLinks>(`${path}/table-links`, token()).catch(() => null);
}

type Action = 'move' | 'merge' | 'split';

/**
 * Moves guests, merges tables, takes them apart; what stands in the way is said, and of a table with guests that their bills can be merged.
 * @param from of guests at several tables, which of them
 */
export async function changeTable(bill: BillView, action: Action, table: string, from = bill.table): Promise<void> {
  try {
    const { data } = await request<BillView>(`${path}/bills/${bill.id}/${action}`, {
      method: 'POST',
      token: token(),
      body: action === 'move' ? { from, to: table } : { table },
    });
    replaceShown(bill, data!);
    say(words(action === 'move' ? 'moved' : action === 'merge' ? 'merged' : 'splitDone', { table }));
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : new ApiProblem('network');
    if (problem.type === 'table-taken') {
      say(words('taken', { table }), 'problem', {
        label: words('merge'),
        run: () => void changeTable(bill, 'merge', table),
      });
      return;
    }
    const { tables } = problem.body as { tables?: string[] };
    if (tables) say(words('stale', { tables: tables.join(', ') }), 'problem');
    else say(words(WRONG[problem.type] ?? 'failed'), 'problem');
    await refreshShown([bill.id]).catch(() => {});
  }
}

const WRONG: Partial<Record<ApiProblem['type'], 'paid' | 'closed' | 'unknown'>> = {
  'bill-paid': 'paid',
  'bill-closed': 'closed',
  invalid: 'unknown',
};

/** Cancels one order of a bill; its guests are told why. */
export async function cancelOrder(
  bill: BillView,
  order: { readonly id: string; readonly number: number },
  reason: CancelReason,
  returnPortions: boolean,
): Promise<void> {
  try {
    const query = `reason=${reason}&returnPortions=${returnPortions}`;
    await request(`${path}/orders/${order.id}?${query}`, { method: 'DELETE', token: token() });
    say(words('cancelled', { number: order.number }));
  } catch (error) {
    const isLate = error instanceof ApiProblem && error.type === 'not-cancellable';
    say(words(isLate ? 'tooLate' : 'failed'), 'problem');
  }
  await refreshShown([bill.id]).catch(() => {});
}
