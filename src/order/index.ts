export { createCancelOrder } from './cancel-order.ts';
export { createIntake, type Intake } from './intake.ts';
export { createOpenSnapshots, type OrderSnapshots } from './order-snapshots.ts';
export type { Announcer, Effects, OrderRef } from './ports.ts';
export { lockOrder, setOrderStatus } from './progress.ts';
export { createRedisSnapshots } from './redis-snapshots.ts';
export { orderRoutes } from './routes.ts';
export { createTakeOrders, type TakeOrders } from './take-orders.ts';
export { createGuestTokens } from './token.ts';
