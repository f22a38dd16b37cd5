import { sendReadyAtOnce } from '../platform/http/ready-body.ts';
import type { AtHand } from '../platform/http/server.ts';
import type { MenuDesk } from './menu-desk.ts';

const BEFORE = '/api/v1/stores/';
const MENU = '/menu';
const STOCK = '/stock';

/**
 * The hottest requests of all, answered before Fastify: a menu that lies on the desk, or its stock, asked for by its
 * store's id. Everything else about menus (slugs, unknown stores, the first load) takes the ordinary route, which
 * answers the same.
 */
export function createMenuAtHand(desk: MenuDesk): AtHand {
  return (request, response) => {
    const { url } = request;
    if (request.method !== 'GET' || !url?.startsWith(BEFORE)) return false;
    const asked = url.endsWith(MENU) ? MENU : url.endsWith(STOCK) ? STOCK : undefined;
    const answer = asked && desk.peek(url.slice(BEFORE.length, -asked.length));
    if (!answer) return false;
    const body = asked === MENU ? answer.value.body : answer.value.stockBody;
    return sendReadyAtOnce(request, response, body, answer.outcome);
  };
}
