export { readablePage } from './addresses.ts';
export { pageRoutes } from './routes.ts';
