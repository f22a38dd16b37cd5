/** What a plan cannot be made of. The message is one line that says which file or field, and what is allowed. */
export class PlanError extends Error {}
