/** One thing that must not be, as the rows that show it. `$1` is the store. */
export interface Question {
  readonly of: 'missing' | 'doubled' | 'books' | 'followed';
  readonly sql: string;
}

/** What was taken, against what was told. */
export const TAKEN: Readonly<Record<string, Question>> = {
  'acknowledged and not there, or there with another number or total': {
    of: 'missing',
    sql: `SELECT told.* FROM told LEFT JOIN orders o ON o.store_id = $1 AND o.id = told.key
      WHERE o.id IS NULL OR o.number <> told.number OR o.total <> told.total`,
  },
  'a cancel was acknowledged and the order goes on': {
    of: 'missing',
    sql: `SELECT DISTINCT l.key, o.status FROM ledger l LEFT JOIN orders o ON o.store_id = $1 AND o.id = l.key
      WHERE l.kind = 'cancel-answer' AND l.status = 200 AND o.status IS DISTINCT FROM 'cancelled'`,
  },
  'one key, several answers': {
    of: 'doubled',
    sql: 'SELECT * FROM told WHERE answers > 1 OR made > 1',
  },
  'two bodies taken under one key, or charged otherwise than its body costs': {
    of: 'doubled',
    sql: 'SELECT * FROM told WHERE variants > 1 OR total <> expected',
  },
  'the other body of a taken key was answered, and not by key-reused': {
    of: 'doubled',
    sql: `SELECT l.* FROM ledger l JOIN told USING (key)
      WHERE l.kind = 'order-answer' AND l.variant <> told.variant AND l.status BETWEEN 200 AND 499
        AND l.status NOT IN (408, 429) AND l.problem IS DISTINCT FROM 'key-reused'`,
  },
  'an order of a key that nobody sent': {
    of: 'doubled',
    sql: `SELECT o.id FROM orders o WHERE o.store_id = $1
      AND NOT EXISTS (SELECT FROM ledger l WHERE l.kind = 'order' AND l.key = o.id)`,
  },
  'a cancelled order that nobody took back': {
    of: 'doubled',
    sql: `SELECT o.id FROM orders o WHERE o.store_id = $1 AND o.status = 'cancelled'
      AND NOT EXISTS (SELECT FROM ledger l WHERE l.kind = 'cancel' AND l.key = o.id)`,
  },
  'a refused key whose order is there': {
    of: 'doubled',
    sql: `SELECT DISTINCT l.key, l.problem FROM ledger l JOIN orders o ON o.store_id = $1 AND o.id = l.key
      WHERE l.kind = 'order-answer' AND l.problem IN ('sold-out', 'invalid', 'price-changed', 'store-closed')
        AND NOT EXISTS (SELECT FROM told WHERE told.key = l.key)`,
  },
  'a number twice, or left out': {
    of: 'books',
    sql: `SELECT day, count(*), max(number) FROM orders WHERE store_id = $1 GROUP BY day
      HAVING count(DISTINCT number) <> count(*) OR max(number) <> count(*)`,
  },
  // A counter is linearizable when no order that was sent after another's answer was heard has a smaller number (Herlihy and Wing, 1990).
  'a smaller number for an order that was sent after the other had been acknowledged': {
    of: 'books',
    sql: `WITH spans AS (
        SELECT o.day, o.number, min(l.at_ms) FILTER (WHERE l.kind = 'order') AS sent,
          min(l.at_ms) FILTER (WHERE l.kind = 'order-answer' AND l.status IN (200, 201)) AS heard
        FROM ledger l JOIN orders o ON o.store_id = $1 AND o.id = l.key GROUP BY o.day, o.id, o.number),
      steps AS (
        SELECT day, sent AS at, number, NULL::integer AS acknowledged FROM spans
        UNION ALL SELECT day, heard, NULL, number FROM spans WHERE heard IS NOT NULL),
      known AS (
        SELECT *, max(acknowledged) OVER (PARTITION BY day ORDER BY at ROWS UNBOUNDED PRECEDING) AS highest FROM steps)
      SELECT * FROM known WHERE highest > number`,
  },
  // The same for a stock of which nothing comes back: whoever took the last portion must have asked before the refusal was heard.
  'told sold out while there was enough for it': {
    of: 'books',
    sql: `WITH sold AS (
        SELECT ol.item_id, ol.quantity, min(l.at_ms) AS sent FROM order_line ol
        JOIN ledger l ON l.kind = 'order' AND l.key = ol.order_id
        WHERE ol.store_id = $1 GROUP BY ol.order_id, ol.item_id, ol.quantity)
      SELECT l.key, l.at_ms FROM ledger l JOIN stock s ON s.store_id = $1 JOIN item i ON i.store_id = $1 AND i.id = s.item_id
      WHERE l.problem = 'sold-out' AND NOT EXISTS (SELECT FROM ledger c WHERE c.kind = 'cancel')
        AND s.offered - (SELECT coalesce(sum(quantity), 0) FROM sold WHERE sold.item_id = s.item_id AND sold.sent < l.at_ms)
          >= l.expected / i.price`,
  },
  'a total that is not the sum of its lines': {
    of: 'books',
    sql: `SELECT o.id FROM orders o LEFT JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
      WHERE o.store_id = $1 GROUP BY o.id, o.total HAVING o.total IS DISTINCT FROM sum(l.unit_price * l.quantity)`,
  },
  'an order whose events are not one after another, or do not end in its status': {
    of: 'books',
    sql: `SELECT o.id FROM orders o LEFT JOIN order_event e ON e.store_id = o.store_id AND e.order_id = o.id
      WHERE o.store_id = $1 GROUP BY o.id, o.status
      HAVING count(*) <> max(e.seq) OR (array_agg(e.status ORDER BY e.seq DESC))[1] IS DISTINCT FROM o.status`,
  },
  'portions sold that are not those of the orders, or more than were offered': {
    of: 'books',
    sql: `WITH sold AS (
        SELECT l.item_id, sum(l.quantity) AS portions FROM orders o
        JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
        WHERE o.store_id = $1 AND o.status <> 'cancelled' GROUP BY 1)
      SELECT s.item_id, s.offered, s.sold, s.remaining, sold.portions
      FROM stock s LEFT JOIN sold USING (item_id) WHERE s.store_id = $1 AND s.offered IS NOT NULL
        AND (s.offered - s.remaining <> coalesce(sold.portions, 0) OR coalesce(sold.portions, 0) > s.offered)`,
  },
};

/** What follows from an order, when no job is left. */
export const FOLLOWED: Readonly<Record<string, Question>> = {
  'an order without exactly one ticket, or cooked though cancelled': {
    of: 'followed',
    sql: `SELECT o.id, o.status, count(t.*) FROM orders o
      LEFT JOIN ticket t ON t.store_id = o.store_id AND t.order_id = o.id
      WHERE o.store_id = $1 GROUP BY o.id, o.status
      HAVING count(t.*) > 1 OR (o.status <> 'cancelled' AND count(t.*) <> 1)
        OR (o.status = 'cancelled' AND bool_or(t.status <> 'cancelled'))`,
  },
  'an order without exactly one slip': {
    of: 'followed',
    sql: `SELECT o.id, count(p.*) FROM orders o LEFT JOIN print_slip p ON p.store_id = o.store_id AND p.order_id = o.id
      WHERE o.store_id = $1 AND o.status <> 'cancelled' GROUP BY o.id HAVING count(p.*) <> 1`,
  },
  'a ranking that counts other portions than were sold': {
    of: 'followed',
    sql: `WITH sold AS (
        SELECT l.item_id, sum(l.quantity) AS portions FROM orders o
        JOIN order_line l ON l.store_id = o.store_id AND l.order_id = o.id
        WHERE o.store_id = $1 AND o.status <> 'cancelled' GROUP BY 1),
      counted AS (SELECT item_id, sum(quantity) AS portions FROM ranking_hour WHERE store_id = $1 GROUP BY 1)
      SELECT * FROM sold FULL JOIN counted USING (item_id)
      WHERE coalesce(sold.portions, 0) <> coalesce(counted.portions, 0)`,
  },
};
