export { type Access, createAccess, type Role } from './access.ts';
