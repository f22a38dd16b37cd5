export { isAnsweredSince } from './calls.ts';
export { callRoutes } from './routes.ts';
