/** The last resort of tests: PostgreSQL in a container, where there is an engine. Loaded only when asked for. */

/** Null without a container engine. The container ends with the test run. */
export async function startContainer(): Promise<string | null> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const engine = await getContainerRuntimeClient().catch(() => null);
  if (engine === null) return null;
  const container = await new GenericContainer('postgres:18-alpine')
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  return `postgresql://postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
}
