/**
 * The files that may stand beside a load test's result, and the result of our own generator: what each means, in which unit.
 *
 * A rung's folder, as `npm run rehearse` writes it and `matjip report FOLDER` reads it:
 *
 *   artillery/<rung>/result.json          Artillery's own result (`artillery run -o`), at the offered load common to all rungs
 *   artillery/<rung>/manifest.json        {@link Manifest}: what was run, on what, with which switches
 *   artillery/<rung>/distribution.jsonl   {@link DistributionLine} a line: full histograms per period, from our CUSTOM_REPORTERS module
 *   artillery/<rung>/truth.json           {@link Truth}: how wrong the answers were
 *   artillery/<rung>/crowd.json           {@link CrowdResult}: our own generator's result; its knee belongs to the rung
 *   artillery/<rung>/full-house.json      {@link FullHouse}: useful answers and refusals past the knee
 *   artillery/scaling.json                {@link Scaling}: what more cores carry; of no rung's folder
 *   artillery/<rung>/repeat-2/…           the same files again: a repeat is a result of its own, its manifest says `repeat: 2`
 *
 * Beside a result that is not called `result.json` or `crowd.json`, say `monday.json`, the sidecars are called
 * `monday.manifest.json`, `monday.distribution.jsonl`, `monday.truth.json` and `monday.crowd.json`, so that two results in one
 * folder never take each other's. Every sidecar may be missing; the report then says what it could not know.
 *
 * Times of day are epoch milliseconds, durations say their unit in the name, shares are 0…1.
 */
export * from './crowd-result.ts';
export * from './distribution.ts';
export * from './full-house.ts';
export * from './histogram.ts';
export * from './knee.ts';
export * from './manifest.ts';
export * from './scaling.ts';
export * from './truth.ts';
