import { STATION_CODE_LENGTH_MAX, stationCode } from '../contract/index.ts';
import { codeOf } from '../platform/code-of.ts';

/** The code that menus have for a station, by its name or code in the settings. */
export const codeOfStation = (name: string): string =>
  stationCode(name, (text) => codeOf(text, STATION_CODE_LENGTH_MAX)) || name;
