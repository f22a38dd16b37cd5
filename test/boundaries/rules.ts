import type { DependencyType, ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

/** Every folder of src/ is a room, except these: what rooms stand on, and where they are put together. */
const NO_ROOMS = '^src/(contract|platform|seed|config|composition|commands)/';
const ROOM = '^src/([^/]+)/';
const DOOR = '^src/[^/]+/index[.]ts$';
const TYPE_ONLY: DependencyType[] = ['type-only'];
const PACKAGES = '(^|/)node_modules/';

type Rule = IForbiddenRuleType & {
  readonly name: string;
  /** Told to who breaks it: the reason, and what to do. */
  readonly comment: string;
};

/** Who may import whom. */
export const RULES: Rule[] = [
  {
    name: 'rooms-meet-in-app',
    comment: 'Rooms do not import each other: take a port from app.ts, or an event from the contract.',
    from: { path: ROOM, pathNot: NO_ROOMS },
    to: { path: ROOM, pathNot: ['^src/$1/', '^src/(contract|platform)/'], dependencyTypesNot: TYPE_ONLY },
  },
  {
    name: 'rooms-have-one-door',
    comment: "Even a type of another room comes from its index.ts: what else it holds is the room's own.",
    from: { path: ROOM, pathNot: NO_ROOMS },
    to: { path: ROOM, pathNot: ['^src/$1/', '^src/(contract|platform)/', DOOR] },
  },
  {
    name: 'platform-knows-no-room',
    comment: 'The platform is machinery: a room hands it what it needs.',
    from: { path: '^src/platform/', pathNot: '[.]test[.]ts$' },
    to: { path: '^src/', pathNot: ['^src/(platform|contract)/', '^src/config[.]ts$'] },
  },
  {
    name: 'contract-stands-alone',
    comment: 'The contract is read by pages and rehearsals too: it needs the schema library and nothing else.',
    from: { path: '^src/contract/', pathNot: '[.]test[.]ts$' },
    to: { pathNot: ['^src/contract/', '(^|/)node_modules/typebox/'] },
  },
  {
    name: 'pages-talk-the-contract',
    comment: 'Pages know the server by its contract only.',
    from: { path: '^web/', pathNot: '[.]test[.]ts$' },
    to: { pathNot: ['^web/', '^src/contract/', PACKAGES], dependencyTypesNot: ['core'] },
  },
  {
    name: 'rehearsal-judges-from-outside',
    comment: 'A rehearsal that used the code it judges would repeat its mistakes.',
    from: { path: '^rehearsal/', pathNot: '[.]test[.]ts$' },
    to: { pathNot: ['^rehearsal/', '^src/contract/', PACKAGES], dependencyTypesNot: ['core'] },
  },
  {
    name: 'ledger-judges-from-outside',
    comment: 'A crowd or a verdict that used the code it judges would repeat its mistakes.',
    from: { path: '^faults/(crowd|verdict)/' },
    to: { path: '^src/' },
  },
  {
    name: 'product-needs-no-tests',
    comment: 'What ships must run without tests, benches and tools.',
    from: { path: '^(src|web|rehearsal)/', pathNot: ['[.]test[.]ts$', '^src/commands/cli/measure[.]ts$'] },
    to: { path: '^(test|bench|faults|scripts)/' },
  },
  {
    name: 'no-cycles',
    comment: 'Modules that need each other are one module, or one too many.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'packages-are-declared',
    comment: 'A package that only another package brings can be gone tomorrow: name it in package.json.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'nothing-missing',
    comment: 'An import that leads nowhere hides a boundary.',
    from: {},
    to: { couldNotResolve: true },
  },
];

export const OPTIONS: ICruiseOptions = {
  // The default parser sees no module at all with TypeScript 7, and is content.
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
};
