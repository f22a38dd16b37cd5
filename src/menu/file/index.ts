export { type ImportOptions, type ImportResult, importMenu } from './import-menu.ts';
export type { MenuFile, MenuRow, MenuValues } from './menu-file.ts';
export { MenuFileError } from './menu-file-error.ts';
export { type Format, parseMenu } from './parse-menu.ts';
export { readMenu } from './read-menu.ts';
export { writeCsv } from './write-csv.ts';
export { writeJson } from './write-json.ts';
