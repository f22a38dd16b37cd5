export { type ImportOptions, type ImportResult, importMenu } from './apply/import-menu.ts';
export type { MenuFile, MenuRow, MenuValues } from './menu-file.ts';
export { type Format, parseMenu } from './parse/parse-menu.ts';
export { menuFileRoutes } from './routes.ts';
export { writeCsv } from './write/write-csv.ts';
