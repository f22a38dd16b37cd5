export { NO_PROVIDER } from './no-provider.ts';
export { createPayments, type Entered, type Payments } from './payments.ts';
export type { Bills, Orders, PaymentProvider } from './ports.ts';
export { say as sayDifference } from './reconcile.ts';
export { paymentRoutes } from './routes.ts';
export { readKeys as readSandboxKeys } from './sandbox/book.ts';
export { createSendNotices } from './sandbox/notices.ts';
export { createSandboxProvider } from './sandbox/provider.ts';
export { sandboxRoutes } from './sandbox/service.ts';
