import { sendReadyAtOnce } from '../platform/http/ready-body.ts';
import type { AtHand } from '../platform/http/server.ts';
import type { MenuDesk } from './menu-desk.ts';

const BEFORE = '/api/v1/stores/';
const AFTER = '/menu';

/**
 * The hottest request of all, answered before Fastify: a menu that lies on the desk, asked for by its store's id.
 * Everything else about menus (slugs, unknown stores, the first load) takes the ordinary route, which answers the same.
 */
export function createMenuAtHand(desk: MenuDesk): AtHand {
  return (request, response) => {
    const { url } = request;
    if (request.method !== 'GET' || !url?.startsWith(BEFORE) || !url.endsWith(AFTER)) return false;
    const answer = desk.peek(url.slice(BEFORE.length, -AFTER.length));
    return answer !== undefined && sendReadyAtOnce(request, response, answer.value, answer.outcome);
  };
}
