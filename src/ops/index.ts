/** The engineers' room: how the node does. It owns no table. */
export { opsRoutes } from './routes.ts';
export { switchesOf } from './switches.ts';
