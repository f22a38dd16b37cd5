/** Builds the pages if they were built from other sources. They appear all at once, when they are complete. */
export function ensurePages(): Promise<void>;
