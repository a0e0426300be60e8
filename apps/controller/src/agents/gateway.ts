/** The gRPC methods, in terms of sessions, blobs and keys. Admits agents; what they do then is session.ts. */
import { Readable } from 'node:stream';
import type { Blobs } from '@sweep/blobs';
import {
  type Agent,
  agentId,
  blobHash,
  Conflict,
  Forbidden,
  Invalid,
  leaseId,
  renewEveryMs,
  sweepId,
  Unauthenticated,
} from '@sweep/domain';
import {
  defaultMaxMessageBytes,
  type GatewayHandler,
  type GetBlobRequest,
  type Hello,
  type JoinRequest,
  type JoinResponse,
  type PutBlobHeader,
  protocolVersion,
  type SessionEnd,
  type SessionPeer,
} from '@sweep/protocol';
import type { Authenticator } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import { isAsker } from '../trials/asker.js';
import { isWandbAgent } from '../wandb/agents/agent-id.js';
import { Session, type SessionParts } from './session.js';
import type { Sessions } from './sessions.js';

export interface GatewayParts extends SessionParts {
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  readonly authenticator: Authenticator;
  readonly version: string;
}

/** Of one uploaded file: outputs and checkpoints. */
const mostBlobBytes = 64 * 1024 ** 3;

export class Gateway implements GatewayHandler<Caller | null> {
  constructor(private readonly parts: GatewayParts) {}

  async authenticate(bearer: string | null, method: string): Promise<Caller | null> {
    if (method === 'Join') return null;
    const caller = await this.parts.authenticator.authenticate(bearer);
    if (caller.key.scope === 'attempt') throw new Forbidden("a training program's key cannot be used by an agent");
    return caller;
  }

  async session(_caller: Caller | null, hello: Hello, peer: SessionPeer): Promise<SessionEnd> {
    const agent = await this.#admit(hello);
    const session = new Session(this.parts, agent, peer);
    const ended = new Set(hello.held.filter((held) => held.ended).map((held) => held.leaseId));
    const returned = await Promise.all(hello.held.map((held) => this.parts.returns.judge(held, agent.id)));
    for (const { held, verdict } of returned) {
      if (held !== null) session.hold(held);
      if (ended.has(verdict.leaseId) && verdict.kind === 'KIND_STOP') session.awaitResult(leaseId(verdict.leaseId));
    }
    const kept = returned.filter(({ verdict }) => verdict.kind === 'KIND_KEEP').map(({ verdict }) => leaseId(verdict.leaseId));
    await this.parts.store.trials.renew(agent.id, kept, this.parts.times.ttlMs);
    const leave = await this.parts.sessions.add(session);
    await this.#releaseUnheld(agent, hello);
    this.parts.log.info({ agent: agent.id, name: agent.name, address: peer.address, held: hello.held.length }, 'agent connected');
    return {
      welcome: {
        protocolVersion,
        controllerVersion: this.parts.version,
        leaseTtlMs: this.parts.times.ttlMs,
        renewEveryMs: renewEveryMs(this.parts.times),
        verdicts: returned.map(({ verdict }) => verdict),
        maxMessageBytes: defaultMaxMessageBytes,
        acknowledged: returned.map(({ acknowledged }) => acknowledged),
      },
      receive: (message) => session.receive(message),
      closed: async () => {
        await leave();
        await session.closed();
      },
    };
  }

  async putBlob(_caller: Caller | null, header: PutBlobHeader, data: AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }> {
    if ((await this.parts.store.attempts.findByLease(leaseId(header.leaseId))) === null)
      throw new Forbidden(`lease ${header.leaseId} is unknown: it may store nothing`);
    return this.parts.blobs.put(Readable.from(data), { expected: blobHash(header.hash), maxBytes: mostBlobBytes });
  }

  async getBlob(_caller: Caller | null, request: GetBlobRequest): Promise<AsyncIterable<Uint8Array>> {
    const attempt = await this.parts.store.attempts.findByLease(leaseId(request.leaseId));
    const trial = attempt === null ? null : await this.parts.store.trials.find(attempt.trial);
    if (trial === null) throw new Forbidden(`lease ${request.leaseId} is unknown: it may read nothing`);
    const code = await this.parts.store.files.code(trial.sweep);
    const files = await this.parts.store.files.list(trial.id, null);
    const hash = blobHash(request.hash);
    if (code?.blob !== hash && !files.some((file) => file.blob === hash))
      throw new Forbidden(`lease ${request.leaseId} may not read blob ${request.hash}`);
    const { stream } = await this.parts.blobs.open(hash);
    return stream;
  }

  async join(request: JoinRequest): Promise<JoinResponse> {
    const user = await this.parts.store.keys.redeemToken(this.parts.authenticator.hash(request.token));
    if (user === null) throw new Unauthenticated('the join token is unknown, used or expired: make another with `sweep token create`');
    const { secret } = await this.parts.authenticator.issue(user, { name: `agent ${request.name}`, scope: 'agent', expiresAt: null });
    return { apiKey: secret };
  }

  /** Grants that never reached the agent, or that it forgot: nobody runs them, so their leases need not run out first. */
  async #releaseUnheld(agent: Agent, hello: Hello): Promise<void> {
    const held = new Set(hello.held.map(({ leaseId }) => leaseId));
    for (const trial of await this.parts.store.trials.heldBy(agent.id)) {
      if (trial.lease !== null && !held.has(trial.lease.id)) await this.parts.endings.lose(trial);
    }
  }

  async #admit(hello: Hello): Promise<Agent> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(hello.agentId)) throw new Invalid(`"${hello.agentId}" is not an agent id`);
    // An agent that called itself an asker would have its trials ended by a cancel while its programs run.
    if (isAsker(agentId(hello.agentId))) throw new Invalid(`"${hello.agentId}" is the name of an asker, not of an agent`);
    if (isWandbAgent(agentId(hello.agentId))) throw new Invalid(`"${hello.agentId}" is the name of an agent of the W&B client`);
    if (hello.machine === undefined) throw new Invalid('the agent does not describe its machine');
    const sweep = hello.sweepId === '' ? null : await this.#sweepFor(hello);
    return this.parts.store.agents.connect({
      id: agentId(hello.agentId),
      name: hello.name,
      pool: hello.pool === '' ? 'default' : hello.pool,
      sweep,
      machine: { ...hello.machine, gpus: hello.machine.gpus.map((gpu) => ({ ...gpu, vendor: gpu.vendor === 'amd' ? 'amd' : 'nvidia' })) },
      slots: hello.slots.map((slot) => ({ index: slot.index, gpus: slot.gpuUuids })),
      version: hello.agentVersion,
    });
  }

  /** An agent that still holds attempts may come back to a sweep that is over, to say what became of them. */
  async #sweepFor(hello: Hello): Promise<Agent['sweep']> {
    const id = sweepId(hello.sweepId);
    const sweep = await this.parts.store.sweeps.find(id);
    if (sweep === null) throw new Invalid(`there is no sweep ${hello.sweepId}`);
    const over = sweep.state === 'completed' || sweep.state === 'cancelled' || sweep.state === 'failed';
    if (over && hello.held.length === 0) throw new Conflict(`sweep ${id} is ${sweep.state}: it is not running; resume it first`);
    return id;
  }
}
