/**
 * Who owns which table. An owner alone writes its tables and may change their columns without asking; whoever else names one in SQL
 * stands in {@link FOREIGN} with the reason, so that the list of what a change of a table can break is this file.
 */
export const TABLES: Readonly<Record<string, readonly string[]>> = {
  store: ['brand', 'store', 'store_head'],
  menu: [
    'category',
    'item',
    'item_former',
    'item_option',
    'menu_turn',
    'option_group',
    'photo',
    'photo_file',
    'photo_source',
    'stock',
  ],
  order: ['line_slot', 'line_teller', 'order_change', 'order_event', 'order_line', 'order_note', 'orders'],
  kitchen: ['print_slip', 'station_pace', 'store_pace', 'ticket'],
  bill: ['bill', 'bill_entry', 'bill_move', 'bill_order', 'coupon'],
  payment: [
    'payment_difference',
    'payment_hold',
    'payment_intent',
    'payment_refund',
    'sandbox_account',
    'sandbox_notice',
    'sandbox_payment',
    'sandbox_refund',
  ],
  call: ['table_call'],
  waitlist: ['party', 'waitlist_head'],
  ranking: ['ranking_dish', 'ranking_head', 'ranking_hour', 'ranking_wide_head', 'ranking_wide_hour'],
  sales: ['sales_day', 'sales_due', 'sales_item', 'sales_quarter', 'sales_station'],
  staff: [
    'pin_try',
    'staff',
    'staff_invitation',
    'staff_log',
    'staff_pin',
    'staff_role',
    'staff_session',
    'store_log',
    'used_stream_ticket',
  ],
  webhook: ['webhook', 'webhook_delivery'],
  archive: ['archived_month'],
  platform: ['batch_job', 'batch_run', 'effect_done'],
};

/** A room that names another's table: it only reads, unless it says that it writes. */
export interface Foreign {
  readonly room: string;
  readonly tables: readonly string[];
  readonly writes?: true;
  readonly why: string;
}

/** Rows that many rooms read beside their own: a join in the statement is one question, a door would be a question for each row. */
const SETTINGS =
  'Names, time zones and business days stand in the store’s row, which a statement about many stores joins.';
const LOCK = 'The store’s lock is this row, and whoever holds it writes the columns that are its own';

export const FOREIGN: readonly Foreign[] = [
  {
    room: 'bill',
    tables: ['orders', 'order_line'],
    why: 'A bill owes what the orders of a visit cost, summed where they lie.',
  },
  { room: 'bill', tables: ['store'], why: SETTINGS },
  {
    room: 'kitchen',
    tables: ['orders', 'order_line', 'order_note'],
    why: 'Tickets and slips of a whole group are made of its lines by one statement.',
  },
  { room: 'kitchen', tables: ['order_event'], why: 'The board must know up to which event it is right.' },
  {
    room: 'kitchen',
    tables: ['payment_hold'],
    why: 'An order that waits for its money has no ticket yet: among many orders those are left out by the statement that looks for tickets.',
  },
  {
    room: 'kitchen',
    tables: ['item', 'item_option'],
    why: 'Slips say a dish’s names and station as they are now; prices are copied, names are not.',
  },
  { room: 'kitchen', tables: ['store_head'], writes: true, why: `${LOCK}: here is_paced.` },
  { room: 'menu', tables: ['store'], why: SETTINGS },
  { room: 'menu', tables: ['store_head'], writes: true, why: `${LOCK}: here menu_version and stock_version.` },
  {
    room: 'menu',
    tables: ['orders', 'order_line', 'order_event'],
    why: 'A dish that begins to be counted was sold today: the orders say how often.',
  },
  {
    room: 'order',
    tables: ['stock'],
    writes: true,
    why: 'Portions are sold by the group’s own transaction under the store’s lock (ADR 19); the rules are order/decide.ts.',
  },
  {
    room: 'order',
    tables: ['store_head'],
    writes: true,
    why: `${LOCK}: here day, last_number and what the pacing states, with stock_version where it sold.`,
  },
  {
    room: 'order',
    tables: ['item', 'item_option', 'store'],
    why: 'An order is shown with the names of its dishes and its store’s currency, a page of orders by one statement.',
  },
  {
    room: 'payment',
    tables: ['bill_entry'],
    why: 'What the books say is held against what the provider says, for all stores.',
  },
  { room: 'payment', tables: ['store'], why: SETTINGS },
  {
    room: 'platform',
    tables: ['orders', 'store'],
    why: 'Before a database is begun afresh a person is told how much would be lost.',
  },
  {
    room: 'ranking',
    tables: ['orders', 'order_line'],
    why: 'A group’s dishes are counted by one statement over its lines.',
  },
  {
    room: 'ranking',
    tables: ['item', 'brand', 'store'],
    why: 'A brand’s stores are added up dish by dish, by their codes and names.',
  },
  {
    room: 'ranking',
    tables: ['effect_done'],
    writes: true,
    why: 'The mark that an order was counted is made by the statement that counts it.',
  },
  {
    room: 'sales',
    tables: ['orders', 'order_line', 'order_event', 'item', 'item_former'],
    why: 'The books are posted from the orders and hold nothing of their own that could not be posted again.',
  },
  {
    room: 'sales',
    tables: ['archived_month'],
    why: 'A month that has left is not audited against orders that are files.',
  },
  { room: 'sales', tables: ['store'], why: SETTINGS },
  { room: 'staff', tables: ['brand', 'store'], why: 'A role is for a store or a brand, shown by its name.' },
  { room: 'waitlist', tables: ['store'], why: SETTINGS },
  { room: 'webhook', tables: ['orders', 'store'], why: 'A delivery says an order’s number and its store.' },
  {
    room: 'webhook',
    tables: ['effect_done'],
    writes: true,
    why: 'The mark that a webhook was told is made by the statement that puts the delivery.',
  },
];

/** These put rows of every room together: no room's rules run there. */
export const EVERY_ROOMS = ['seed'];
