export { createDeliver, type Deliver } from './deliver.ts';
export { webhookRoutes } from './routes.ts';
export { createDeliveryLane, createSendPlacedInline, sendMoved, sendPlacedQueued } from './send-events.ts';
