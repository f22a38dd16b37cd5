/** What a script of version 1 measured itself (`customStats`), by its own name after this mark. */
export const CUSTOM = 'custom.';
