export { readablePage } from './addresses.ts';
export { createProblemPage } from './problem-page.ts';
export { pageRoutes, WEB_FOLDER } from './routes.ts';
