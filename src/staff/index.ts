export { type Access, createAccess } from './access.ts';
export { createStaffDesk } from './change-staff.ts';
export { createPasswords } from './password.ts';
export { holdToPermissions } from './permissions.ts';
export { writeLog } from './queries.ts';
export { staffRoutes } from './routes.ts';
export { createIsSecure, createSessionSource, createSessions } from './sessions.ts';
export { createSignIn } from './sign-in.ts';
export { createStreamTickets } from './stream-tickets.ts';
