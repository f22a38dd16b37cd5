import type { OrderStatus } from '../../../src/contract/index.ts';
import { list, numberOrNull, unnest } from './arrays.ts';
import type { StandIn } from './postgres.ts';

const key = (...parts: unknown[]): string => parts.join(' ');

/** What the statements of the order room and of its tickets do, by their names. */
export const ORDER_STATEMENTS: Readonly<Record<string, StandIn>> = {
  'lock-stores': (view, [ids], { text }) =>
    list(ids).flatMap((id) => {
      if (text.includes('FOR UPDATE')) view.lock('store_head', id);
      return headRow(view.get('store_head', id));
    }),
  'lock-free-stores': (view, [ids], { text }) =>
    list(ids).flatMap((id) =>
      text.includes('FOR UPDATE') && !view.lock('store_head', id, { skips: true })
        ? []
        : headRow(view.get('store_head', id)),
    ),
  'find-existing': (view, [stores, ids]) =>
    unnest(stores, ids).flatMap(([store, id]) => {
      const order = view.get('orders', store!, id!);
      return order ? [{ store_id: store, id, hash: order.hash }] : [];
    }),
  'read-stock': (view, [stores, items]) =>
    list(stores).flatMap((store) => list(items).flatMap((item) => view.get('stock', store, item) ?? [])),
  'insert-orders': (view, [stores, ids, numbers, days, , totals, placed, promised, hashes]) => {
    for (const [store, id, number, day, total, placedAt, promisedAt, hash] of unnest(
      ...[stores, ids, numbers, days, totals, placed, promised, hashes],
    )) {
      view.insert('orders', key(store, id), {
        storeId: store!,
        id: id!,
        number: Number(number),
        day: day!,
        total: Number(total),
        status: 'placed',
        placedAt: new Date(placedAt!),
        promisedAt: new Date(promisedAt!),
        hash: hash!.replace('\\x', ''),
      });
      view.insert('order_event', key(store, id, 1), {
        storeId: store!,
        orderId: id!,
        seq: 1,
        status: 'placed',
        portionsReturned: null,
        at: new Date(placedAt!),
        promisedAt: new Date(promisedAt!),
      });
    }
    return [];
  },
  'insert-lines': (view, [stores, ids, lines, items, quantities, prices, , counts]) => {
    for (const [store, id, line, item, quantity, price, count] of unnest(
      ...[stores, ids, lines, items, quantities, prices, counts],
    )) {
      view.insert('order_line', key(store, id, line), {
        storeId: store!,
        orderId: id!,
        line: Number(line),
        itemId: item!,
        quantity: Number(quantity),
        unitPrice: Number(price),
        fromCount: numberOrNull(count!),
      });
    }
    return [];
  },
  'take-stock': (view, [stores, items, counts, days, offered, sold]) => {
    for (const [store, item, count, day, of, portions] of unnest(stores, items, counts, days, offered, sold)) {
      const row = view.get('stock', store!, item!);
      const taken = { count: Number(count), day: day!, offered: numberOrNull(of!), sold: Number(portions) };
      if (row) view.put('stock', key(store, item), { ...row, ...taken });
    }
    return [];
  },
  'take-numbers': (view, [stores, lastNumbers, days, sold]) => {
    for (const [store, lastNumber, day, changed] of unnest(stores, lastNumbers, days, sold)) {
      const head = view.get('store_head', store!)!;
      const stockVersion = head.stockVersion + Number(changed);
      view.put('store_head', store!, { ...head, lastNumber: Number(lastNumber), day: day!, stockVersion });
    }
    return [];
  },
  'lock-order': (view, [store, id]) => {
    view.lock('orders', key(store, id));
    const order = view.get('orders', String(store), String(id));
    return order ? [{ ...order, promised_at: order.promisedAt, at_table: false }] : [];
  },
  'last-order-event': (view, [store, id]) => [
    {
      seq: view
        .rows('order_event')
        .reduce(
          (last, { storeId, orderId, seq }) => (storeId === store && orderId === id ? Math.max(last, seq) : last),
          0,
        ),
    },
  ],
  'set-order-status': (view, [store, id, status]) => {
    const order = view.get('orders', String(store), String(id))!;
    view.put('orders', key(store, id), { ...order, status: status as OrderStatus });
    return [];
  },
  'insert-order-event': (view, [store, id, seq, status, at, promisedAt, returned]) => {
    view.insert('order_event', key(store, id, seq), {
      storeId: String(store),
      orderId: String(id),
      seq: Number(seq),
      status: status as OrderStatus,
      at: new Date(String(at)),
      promisedAt: new Date(String(promisedAt)),
      portionsReturned: returned as boolean | null,
    });
    return [];
  },
  'return-stock': (view, [store, id, day]) => {
    const changed: object[] = [];
    for (const line of view.rows('order_line')) {
      if (line.storeId !== store || line.orderId !== id) continue;
      const row = view.get('stock', String(store), line.itemId);
      if (!row) continue;
      const isSame = row.count === line.fromCount;
      const back = row.day === day ? (isSame ? 0 : -line.quantity) : isSame ? line.quantity : 0;
      view.put('stock', key(store, line.itemId), {
        ...row,
        sold: row.sold - (row.day === day ? line.quantity : 0),
        offered: row.offered === null ? null : row.offered + back,
      });
      changed.push({ id: line.itemId });
    }
    return changed;
  },
  'bump-stock-version': (view, [store]) => {
    const head = view.get('store_head', String(store))!;
    view.put('store_head', String(store), { ...head, stockVersion: head.stockVersion + 1 });
    return [];
  },
  'hold-orders': (view, [stores, ids]) => {
    for (const store of list(stores)) {
      for (const id of list(ids))
        if (view.get('orders', store, id)) view.lock('orders', key(store, id), { mode: 'share' });
    }
    return [];
  },
  'cancel-tickets': (view, [store, id]) => {
    const ticket = view.get('ticket', String(store), String(id));
    if (ticket) view.put('ticket', key(store, id), { ...ticket, status: 'cancelled' });
    return [];
  },
};

/** Those that have no name, by how they begin. */
export const ORDER_TEXTS: readonly (readonly [begin: string, run: StandIn])[] = [
  [
    'SELECT o.store_id, o.id, o.number, o.table_label',
    (view, [stores, ids]) =>
      unnest(stores, ids).flatMap(([store, id]) => {
        const order = view.get('orders', store!, id!);
        if (!order) return [];
        const lines = view
          .rows('order_line')
          .filter((line) => line.storeId === store && line.orderId === id)
          .map(({ itemId, quantity, unitPrice }) => ({
            item: itemId,
            ko: 'dish',
            en: 'dish',
            quantity,
            unit_price: unitPrice,
            options: null,
            note: null,
          }));
        return {
          store_id: store,
          id,
          number: order.number,
          table_label: null,
          status: order.status,
          total: order.total,
          currency: 'KRW',
          placed_at: order.placedAt,
          promised_at: order.promisedAt,
          cancel_reason: null,
          lines,
        };
      }),
  ],
  [
    'SELECT k.place, e.seq, e.status',
    (view, [stores, ids, after, , , places]) =>
      unnest(stores, ids, after, places).flatMap(([store, id, afterSeq, place]) =>
        view
          .rows('order_event')
          .filter((event) => event.storeId === store && event.orderId === id && event.seq > Number(afterSeq))
          .sort((a, b) => a.seq - b.seq)
          .map(({ seq, status, at, promisedAt, portionsReturned }) => ({
            place: Number(place),
            seq,
            status,
            at,
            promised_at: promisedAt,
            portions_returned: portionsReturned,
            reason: null,
          })),
      ),
  ],
  [
    'WITH ordered AS MATERIALIZED',
    (view, [stores, ids]) =>
      unnest(stores, ids).flatMap(([store, id]) => {
        const order = view.get('orders', store!, id!);
        if (!order || order.status === 'cancelled' || view.get('ticket', store!, id!)) return [];
        view.put('ticket', key(store, id), { storeId: store!, orderId: id!, status: 'placed' });
        return [{ storeId: store, id, station: null }];
      }),
  ],
];

function headRow(head: { readonly storeId: string; readonly day: string; readonly lastNumber: number } | undefined) {
  if (!head) return [];
  const { storeId, day, lastNumber } = head;
  const open = { state: 'open', stateBy: 'hand', stateReason: null, stateUntil: null, isPaced: false, menuVersion: 1 };
  return [{ ...open, storeId, day, lastNumber }];
}
