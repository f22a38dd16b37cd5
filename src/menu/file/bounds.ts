import { STATION_CODE_LENGTH_MAX } from '../../contract/station-names.ts';

/** Bounds of one menu file. */
export const FILE_BOUNDS = {
  /** 5,000 rows with long descriptions take 3 MB; more is another kind of file. */
  bytesMax: 5_000_000,
  /** An .xlsx packs text about tenfold, so this is a file of some megabytes; more is a bomb or another kind of file. */
  unpackedBytesMax: 20_000_000,
  /** Rows and columns of a sheet that are looked at. Formats reach further than texts, and each of these costs some bytes. */
  sheetRowsMax: 20_000,
  sheetColumnsMax: 100,
  /** Header apart. The longest menus have a few hundred rows; a page with more than 5,000 helps no guest. */
  rowsMax: 5_000,
  /** Lines above the header, such as a restaurant's name; further down a table has begun. */
  titleRowsMax: 10,
  /** More than a person mends before trying again; the rest is counted. */
  problemsShownMax: 100,
  /** What a person scrolls through before saying yes; the counts are of all. */
  changesShownMax: 1_000,
  /**
   * Rows that may go without being counted by whoever imports. A dish with its options is about so many; more is often the wrong
   * file, or a part of the menu taken for all of it.
   */
  removedUnconfirmedMax: 5,
  /** Some 500 rows, read within the time that an order takes; below it a thread's start costs more than the reading. */
  readAtOnceBytesMax: 32_768,
  /**
   * Of the processor: reading 5,000 rows takes a second on a slow machine; what takes ten times that is no menu. By the clock a fair menu of
   * 1,000 rows was refused on a machine of which a tenth of a core was left.
   */
  readingCpuMsMax: 15_000,
  /** Memory of whoever reads, in MiB: the largest file and its rows twice. */
  readingMemoryMbMax: 256,
  /** A code stands in addresses and keys. */
  codeLengthMax: 60,
  /** What fits the kitchen's ticket and a phone's line. */
  nameLengthMax: 100,
  descriptionLengthMax: 500,
  originLengthMax: 300,
  stationLengthMax: STATION_CODE_LENGTH_MAX,
  photoLengthMax: 500,
  /** Longest list of choices that a guest is asked to scroll. */
  choicesMax: 100,
} as const;
