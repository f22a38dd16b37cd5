/** What the tests' processes and apps are started with; in a file of its own for tests that start processes and no app. */
export const ADMIN_KEY = 'test-admin-key-0123456789';
export const SECRET = 'test-secret-0123456789abc';
