export { createDeliver, type Deliver } from './deliver.ts';
export { deliveryHandlers } from './deliveries.ts';
export { dropLeftDeliveries } from './outbox.ts';
export { webhookRoutes } from './routes.ts';
export { createSendPlacedInline, sendChanged, sendMoved, sendPlacedQueued } from './send-events.ts';
