// What the crowd of api-test.yml knows and chooses. One module for all guests of a worker, so they share a menu and receipts.
import { chooseOrder } from '../rehearsal/crowd/choose-order.ts';
import { orderKey } from '../rehearsal/crowd/order-key.ts';
import { createRandom } from '../rehearsal/crowd/random.ts';
import { createTap } from '../rehearsal/truth/tap.ts';

const RETURNING_SHARE = 0.75;
const RECEIPTS_MAX = 1_000;

const random = createRandom(`${process.env.SEED ?? 'matjip'}/${process.env.LOCAL_WORKER_ID ?? 'before'}`);
const receipts = [];
/** The menu as the crowd saw it last. Its text is kept to notice a change without reading it again. */
let seen = { etag: undefined, body: undefined, menu: undefined, number: -1 };
/** `npm run rehearse` has every menu that was shown written down here, and judges it afterwards. */
const tap = process.env.MATJIP_TAP && process.env.LOCAL_WORKER_ID ? createTap(process.env.MATJIP_TAP) : undefined;

/** `before`: the restaurant named by STORE, else the first. */
export function pickStore(context, _events, done) {
  const { stores } = context.vars;
  const wanted = process.env.STORE;
  const store = wanted ? stores.find((each) => each.slug === wanted || each.id === wanted) : stores[0];
  if (!store) return done(new Error(wanted ? `There is no store ${wanted}.` : 'There is no store.'));
  context.vars.store = store.id;
  delete context.vars.stores;
  return done();
}

/** False when all that came was an error or an empty page: then there is nothing to order either. */
export function hasMenu({ menu }) {
  return menu?.categories?.length > 0;
}

export function askIfChanged(request, context, _events, done) {
  const returning = seen.etag !== undefined && random.next() < RETURNING_SHARE;
  if (returning) request.headers = { ...request.headers, 'if-none-match': seen.etag };
  // The number of the menu that this phone keeps, and shows again after a 304.
  context.vars.kept = returning ? seen.number : -1;
  context.vars.sentMs = Date.now();
  done();
}

export function keepMenu(_request, response, context, _events, done) {
  const { sentMs, kept } = context.vars;
  let number = response.statusCode === 304 ? kept : -1;
  if (response.statusCode === 200) {
    if (response.body !== seen.body) read(response);
    number = seen.body === response.body ? seen.number : -1;
  }
  tap?.answer(sentMs, Date.now(), response.statusCode, number);
  done();
}

/** No answer came. */
export function missMenu(_error, _request, context, _events, done) {
  tap?.answer(context.vars.sentMs, Date.now(), 0, -1);
  done();
}

function read(response) {
  try {
    const menu = JSON.parse(response.body);
    const number = tap?.menu(menu) ?? -1;
    if (menu.categories.length > 0) seen = { etag: response.headers.etag, body: response.body, menu, number };
  } catch {
    // No menu: a blank page. The crowd goes on with the one it saw before.
  }
}

/**
 * `before`: Artillery copies the variables for every guest, and a whole menu would be the most of them. The crowd keeps
 * the menu that it was shown instead.
 */
export function forgetMenu(context, _events, done) {
  delete context.vars.menu;
  return done();
}

/** For whoever wants to order before anybody of this worker has looked at the menu. */
async function askForMenu({ target, store }) {
  const response = await fetch(`${target}/api/v1/stores/${store}/menu`);
  return response.ok ? response.json() : undefined;
}

export function chooseDishes(request, context, _events, done) {
  const menu = seen.menu ?? context.vars.menu;
  if (menu) return order(menu);
  askForMenu(context.vars).then(order, done);

  function order(from) {
    if (!hasMenu({ menu: from })) return done(new Error('no menu to order from'));
    const chosen = chooseOrder(random, from);
    if (!chosen) return done(new Error('everything is sold out'));
    request.headers = { ...request.headers, 'idempotency-key': orderKey(random, Date.now()) };
    request.json = chosen.request;
    return done();
  }
}

export function keepReceipt(_request, response, _context, _events, done) {
  if (response.statusCode === 201) {
    const { id, token } = JSON.parse(response.body);
    if (receipts.length < RECEIPTS_MAX) receipts.push({ id, token });
    else receipts[random.integer(RECEIPTS_MAX)] = { id, token };
  }
  done();
}

/** Somebody's order; the one made before the crowd came, as long as there is no other. */
export function takeReceipt(_request, context, _events, done) {
  if (receipts.length > 0) {
    const { id, token } = receipts[random.integer(receipts.length)];
    context.vars.orderId = id;
    context.vars.token = token;
  } else if (!context.vars.orderId) return done(new Error('no order to look at'));
  return done();
}
