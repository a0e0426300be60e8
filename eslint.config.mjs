/** Budgets and house rules. What needs types is in .oxlintrc.json; style and the ordinary mistakes are Biome's. */
import tseslint from 'typescript-eslint';

const typescript = ['**/*.ts', '**/*.tsx'];
const tests = ['**/*.test.ts', '**/*.test.mjs', '**/testing/**', 'test/**'];
const pure = ['libs/optimizer/src/**', 'libs/domain/src/**', 'libs/sweep-file/src/**', 'libs/wandb/src/**'];

const budgets = {
  'max-lines': ['error', { max: 450 }],
  'max-params': ['error', { max: 4 }],
  'max-depth': ['error', 4],
  'max-lines-per-function': ['error', { max: 80, IIFEs: true }],
};

const everywhere = [
  {
    selector:
      "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|unstable_mockModule)$/]:has(Literal:first-child[value=/^(\\.|@sweep)/])",
    message: 'Mock nothing of ours: use the in-memory twin or a real server on a real socket.',
  },
  {
    selector: "CallExpression[callee.property.name='catch'] > ArrowFunctionExpression > BlockStatement[body.length=0]",
    message: 'A swallowed error: handle it, convert it or let it fail.',
  },
];

const inProducts = [
  {
    selector:
      "CallExpression[callee.object.property.name='message'][callee.property.name=/^(includes|startsWith|endsWith|match|indexOf)$/]",
    message: 'Tell errors apart by class or code; the text is for people.',
  },
  {
    selector: "CallExpression[callee.property.name='test'] > MemberExpression.arguments[property.name='message']",
    message: 'Tell errors apart by class or code; the text is for people.',
  },
  { selector: "Decorator[expression.callee.name='Global']", message: 'One module, wired by factories.' },
];

const noEnvironment = [
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'The environment is read in config.ts only.' },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name='env']",
    message: 'The environment is read in config.ts only.',
  },
];

const noAmbient = [
  {
    selector:
      "MemberExpression[object.name='Date'][property.name='now'], MemberExpression[object.name='performance'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pure code is given `now`.',
  },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Pure code is given an `Rng`.' },
];

/** Their last digits are the engine's own; a search must find the same points everywhere. Powers of the literal 2 are exact. */
const noPlatformMath = [
  {
    selector:
      "MemberExpression[object.name='Math'][property.name=/^(exp|expm1|log|log10|log1p|log2|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)$/]",
    message: 'Not the same on every engine: take it from math/elementary.',
  },
  {
    selector: "BinaryExpression[operator='**']:not([left.value=2]), AssignmentExpression[operator='**=']",
    message: 'Not the same on every engine: multiply, or take pow from math/elementary.',
  },
];
const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
  name,
  message: 'Pure code has no timers.',
}));

const onlyAppModule = { selector: "Decorator[expression.callee.name='Module']", message: 'The object graph is app.module.ts alone.' };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/dist-testing/**', '**/bundle/**', '**/gen/**', 'libs/optimizer/assembly/**', '**/node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: typescript,
    languageOptions: { parser: tseslint.parser },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      ...budgets,
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-restricted-syntax': ['error', ...everywhere, ...inProducts, ...noEnvironment, onlyAppModule],
    },
  },
  {
    files: ['**/config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...inProducts, onlyAppModule] },
  },
  {
    files: ['**/app.module.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, ...inProducts, ...noEnvironment] },
  },
  {
    files: pure,
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...inProducts, ...noEnvironment, ...noAmbient],
      'no-restricted-globals': ['error', ...timers],
    },
  },
  {
    files: ['libs/optimizer/src/**'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...inProducts, ...noEnvironment, ...noAmbient, ...noPlatformMath],
    },
  },
  {
    files: ['scripts/**/*.mjs', 'sweeps/**/*.mjs', 'test/**/*.mjs'],
    rules: { ...budgets, 'no-empty': ['error', { allowEmptyCatch: false }], 'no-restricted-syntax': ['error', ...everywhere] },
  },
  {
    files: tests,
    rules: {
      'max-lines': ['error', { max: 600 }],
      'max-lines-per-function': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
);
