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
  NotFound,
  renewEveryMs,
  sweepId,
  Unauthenticated,
  usageEveryMs,
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
import type { Attempt } from '@sweep/store';
import type { Authenticator } from '../auth/authenticate.js';
import type { Caller } from '../auth/caller.js';
import type { OpenCalls } from '../auth/open-calls.js';
import { mayWrite } from '../auth/ownership.js';
import { isAsker } from '../trials/asker.js';
import { isWandbAgent } from '../wandb/agents/agent-id.js';
import { maySpeakFor } from './claim.js';
import { Session, type SessionParts } from './session.js';
import type { Sessions } from './sessions.js';

export interface GatewayParts extends SessionParts {
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  readonly authenticator: Authenticator;
  readonly openCalls: OpenCalls;
  readonly version: string;
}

/** Of one uploaded file: outputs and checkpoints. */
const mostBlobBytes = 64 * 1024 ** 3;

const revoked = 'the key of this call was revoked or has expired: join again, or log in with another key';

export class Gateway implements GatewayHandler<Caller | null> {
  constructor(private readonly parts: GatewayParts) {}

  async authenticate(bearer: string | null, method: string): Promise<Caller | null> {
    if (method === 'Join') return null;
    const caller = await this.parts.authenticator.authenticate(bearer);
    if (caller.key.scope === 'attempt') throw new Forbidden("a training program's key cannot be used by an agent");
    return caller;
  }

  async session(given: Caller | null, hello: Hello, peer: SessionPeer): Promise<SessionEnd> {
    const caller = known(given);
    const agent = await this.#admit(hello, caller);
    const session = new Session(this.parts, { agent, caller }, peer);
    const ended = new Set(hello.held.filter((held) => held.ended).map((held) => held.leaseId));
    const returned = await Promise.all(hello.held.map((held) => this.parts.returns.judge(held, agent.id)));
    for (const { held, verdict } of returned) {
      if (held !== null) session.hold(held);
      if (ended.has(verdict.leaseId) && verdict.kind === 'KIND_STOP') session.awaitResult(leaseId(verdict.leaseId));
    }
    const leave = await this.parts.sessions.add(session);
    const close = this.parts.openCalls.add(caller.key.id, () => session.end(new Unauthenticated(revoked)));
    const closed = async (): Promise<void> => {
      close();
      await leave();
      await session.closed();
    };
    try {
      // Only of an agent that is let in: one that is turned away again and again would keep trials that nobody hears of.
      const kept = returned.filter(({ verdict }) => verdict.kind === 'KIND_KEEP').map(({ verdict }) => leaseId(verdict.leaseId));
      await this.parts.store.trials.renew(agent.id, kept, this.parts.times.ttlMs);
      await this.#releaseUnheld(agent, hello);
    } catch (error) {
      // Nobody closes a session that never began.
      await closed();
      throw error;
    }
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
        usageEveryMs,
      },
      receive: (message) => session.receive(message),
      closed,
    };
  }

  async putBlob(given: Caller | null, header: PutBlobHeader, data: AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }> {
    const caller = known(given);
    await this.#heldBy(caller, header.leaseId);
    const content = Readable.from(data);
    const close = this.parts.openCalls.add(caller.key.id, () => content.destroy(new Unauthenticated(revoked)));
    try {
      return await this.parts.blobs.put(content, { expected: blobHash(header.hash), maxBytes: mostBlobBytes });
    } finally {
      close();
    }
  }

  async getBlob(given: Caller | null, request: GetBlobRequest): Promise<AsyncIterable<Uint8Array>> {
    const caller = known(given);
    const attempt = await this.#heldBy(caller, request.leaseId);
    const trial = await this.parts.store.trials.find(attempt.trial);
    if (trial === null) throw new Forbidden(`the trial of lease ${request.leaseId} is gone: it may read nothing`);
    const code = await this.parts.store.files.code(trial.sweep);
    const files = await this.parts.store.files.list(trial.id, null);
    const hash = blobHash(request.hash);
    if (code?.blob !== hash && !files.some((file) => file.blob === hash))
      throw new Forbidden(`lease ${request.leaseId} may not read blob ${request.hash}`);
    const { stream } = await this.parts.blobs.open(hash);
    stream.once(
      'close',
      this.parts.openCalls.add(caller.key.id, () => stream.destroy(new Unauthenticated(revoked))),
    );
    return stream;
  }

  async join(request: JoinRequest): Promise<JoinResponse> {
    const user = await this.parts.store.keys.redeemToken(this.parts.authenticator.hash(request.token));
    if (user === null) throw new Unauthenticated('the join token is unknown, used or expired: make another with `sweep token create`');
    const { secret } = await this.parts.authenticator.issue(user, { name: `agent ${request.name}`, scope: 'agent', expiresAt: null });
    return { apiKey: secret };
  }

  /** @throws Forbidden unless the lease is, or was, of an agent that the caller may speak for */
  async #heldBy(caller: Caller, lease: string): Promise<Attempt> {
    const attempt = await this.parts.store.attempts.findByLease(leaseId(lease));
    if (attempt === null || !(await this.#speaksFor(caller, attempt.agent)))
      throw new Forbidden(`lease ${lease} is not one of this agent's: it may read and store nothing by it`);
    return attempt;
  }

  async #speaksFor(caller: Caller, agent: Agent['id']): Promise<boolean> {
    const { agents, keys } = this.parts.store;
    const owner = await agents.owner(agent);
    return maySpeakFor(owner, caller, owner === null || owner.key === caller.key.id ? new Set() : await keys.good([owner.key]));
  }

  /** Grants that never reached the agent, or that it forgot: nobody runs them, so their leases need not run out first. */
  async #releaseUnheld(agent: Agent, hello: Hello): Promise<void> {
    const held = new Set(hello.held.map(({ leaseId }) => leaseId));
    for (const trial of await this.parts.store.trials.heldBy(agent.id)) {
      if (trial.lease !== null && !held.has(trial.lease.id)) await this.parts.endings.lose(trial);
    }
  }

  async #admit(hello: Hello, caller: Caller): Promise<Agent> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(hello.agentId)) throw new Invalid(`"${hello.agentId}" is not an agent id`);
    // An agent that called itself an asker would have its trials ended by a cancel while its programs run.
    if (isAsker(agentId(hello.agentId))) throw new Invalid(`"${hello.agentId}" is the name of an asker, not of an agent`);
    if (isWandbAgent(agentId(hello.agentId))) throw new Invalid(`"${hello.agentId}" is the name of an agent of the W&B client`);
    if (hello.machine === undefined) throw new Invalid('the agent does not describe its machine');
    const id = agentId(hello.agentId);
    if (!(await this.#speaksFor(caller, id)))
      throw new Forbidden(
        `agent ${id} came with another key before: use that key, have it revoked, or start a new agent with another --workdir`,
      );
    const sweep = hello.sweepId === '' ? null : await this.#sweepFor(hello, caller);
    await this.parts.store.agents.setOwner(id, caller.key.id);
    return this.parts.store.agents.connect({
      id,
      name: hello.name,
      pool: hello.pool === '' ? 'default' : hello.pool,
      sweep,
      machine: { ...hello.machine, gpus: hello.machine.gpus.map((gpu) => ({ ...gpu, vendor: gpu.vendor === 'amd' ? 'amd' : 'nvidia' })) },
      slots: hello.slots.map((slot) => ({ index: slot.index, gpus: slot.gpuUuids })),
      version: hello.agentVersion,
    });
  }

  /** An agent that still holds attempts may come back to a sweep that is over, to say what became of them. */
  async #sweepFor(hello: Hello, caller: Caller): Promise<Agent['sweep']> {
    const id = sweepId(hello.sweepId);
    const sweep = await this.parts.store.sweeps.find(id);
    if (sweep === null) throw new NotFound(`there is no sweep ${hello.sweepId}`);
    if (!(await mayWrite(this.parts.store, caller.user, sweep.entity)))
      throw new Forbidden(`sweep ${id} belongs to ${sweep.entity}: agents of ${caller.user.name} may not run it`);
    const over = sweep.state === 'completed' || sweep.state === 'cancelled' || sweep.state === 'failed';
    if (over && hello.held.length === 0) throw new Conflict(`sweep ${id} is ${sweep.state}: it is not running; resume it first`);
    return id;
  }
}

/** Every method but Join comes with a proved caller. */
function known(caller: Caller | null): Caller {
  if (caller === null) throw new Unauthenticated('this needs an API key');
  return caller;
}
