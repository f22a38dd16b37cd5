export { createAdvanceTicket } from './advance-ticket.ts';
export { kitchenRoutes } from './routes.ts';
export { cancelTickets, makeTickets } from './tickets.ts';
