/** The servers that tests may use instead of starting their own. */
export function testAddresses(): { readonly redisUrl: string | null; readonly databaseUrl: string | null } {
  return { redisUrl: process.env['SWEEP_TEST_REDIS_URL'] ?? null, databaseUrl: process.env['SWEEP_TEST_DATABASE_URL'] ?? null };
}
