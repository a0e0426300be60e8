/** Messages that are complete, for tests that care about one field. */
import { type Grant, type Hello, protocolVersion, type Welcome } from '@sweep/protocol';

export function testHello(change: Partial<Hello> = {}): Hello {
  return {
    protocolVersion,
    agentVersion: '0.0.0-test',
    agentId: 'agent-1',
    name: 'box-1',
    pool: 'default',
    sweepId: '',
    machine: { hostname: 'box-1', platform: 'linux-x64', cpus: 4, memoryBytes: 8 * 2 ** 30, gpus: [], labels: {} },
    slots: [{ index: 0, gpuUuids: [] }],
    held: [],
    ...change,
  };
}

export function testWelcome(change: Partial<Welcome> = {}): Welcome {
  return {
    protocolVersion,
    controllerVersion: '0.0.0-test',
    leaseTtlMs: 30_000,
    renewEveryMs: 10_000,
    verdicts: [],
    maxMessageBytes: 4 * 1024 * 1024,
    acknowledged: [],
    usageEveryMs: 0,
    ...change,
  };
}

export function testGrant(change: Partial<Grant> = {}): Grant {
  return {
    leaseId: 'lease-1',
    trialId: 'trial001',
    sweepId: 'sweep001',
    number: 1,
    attempt: 1,
    slots: [0],
    params: '{}',
    command: [],
    program: '',
    environment: {},
    timeoutMs: 0,
    collectStdout: [],
    collectTensorboard: '',
    stopWhileAway: false,
    lostAfterMs: 60_000,
    objectives: [],
    project: 'project',
    entity: 'entity',
    sweepName: 'sweep',
    ...change,
  };
}
