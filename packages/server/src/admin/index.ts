export { createAdmin } from './admin.ts'
export type { Admin, AdminOptions, AuthorizeAdmin } from './admin.ts'
export type { AdminProvider, AdminSession, AdminSessions, AdminStatus, Watched } from './status.ts'
