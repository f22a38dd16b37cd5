export { createDeliver, type Deliver } from './deliver.ts';
export { webhookRoutes } from './routes.ts';
export { createDeliverJob, createSendPlacedInline, DELIVER_KIND, sendMoved, sendPlacedQueued } from './send-events.ts';
