export { type ImportOptions, type ImportResult, importMenu } from './import-menu.ts';
export type { MenuFile, MenuRow, MenuValues } from './menu-file.ts';
export { type Format, parseMenu } from './parse-menu.ts';
export { menuFileRoutes } from './routes.ts';
export { writeCsv } from './write-csv.ts';
