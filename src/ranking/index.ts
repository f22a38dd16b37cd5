export { countOrders, uncountOrder } from './count-orders.ts';
