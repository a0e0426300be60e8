/** All routes that answer without a key. A route that is missing here and answers all the same fails the tests. */
export const openRoutes: readonly string[] = [
  // The dashboard's files, which hold no data.
  'GET /',
  'GET /*',
  'GET /assets/:name',
  'GET /install.sh',
  'GET /agent/:name',
  'GET /healthz',
  'GET /ready',
  'GET /api/docs',
  'GET /api/openapi.json',
  // Gives a cookie for a key.
  'POST /api/v1/session',
  // Hold nothing: what other origins may ask, and a lasting 404.
  'OPTIONS /files/*',
  'OPTIONS /storage/*',
  'POST /sdk/otel/v1/*',
];
