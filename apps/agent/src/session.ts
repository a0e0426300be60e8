/**
 * The agent's conversation with the controller, kept up: dial, Hello, renew, read, and dial again.
 *
 *     away ──dial──► greeting ──Welcome──► standing ──end, Reconnect──► away …      over: refused, or the agent leaves
 *
 * Owns connections and the pauses between them; what messages mean is the listener's.
 */
import { Conflict, Forbidden, Incompatible, Invalid, NotFound, Unauthenticated } from '@sweep/domain';
import type { AgentChannel, AgentMessage, AgentSession, ControllerMessage, Hello, Welcome } from '@sweep/protocol';
import type { Clock } from '@sweep/runtime';

export interface SessionListener {
  hello(): Hello;
  onWelcome(welcome: Welcome, send: (message: AgentMessage) => Promise<void>): void;
  onMessage(message: ControllerMessage): void;
  /** Runs every `renewEveryMs` while the session stands. */
  renew(): Promise<void>;
  /** The controller is out of reach from now on; the reason is for people. */
  onAway(reason: string): void;
  /** A refusal that no waiting mends ends the agent, unless it still has programs to look after. */
  mayLeave(): boolean;
}

export interface SessionOptions {
  /** Asked before each dial: the address may have changed. */
  readonly channel: () => Promise<AgentChannel>;
  readonly listener: SessionListener;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Ends the conversation in order. */
  readonly signal: AbortSignal;
  /** How long the first contact may take; afterwards the agent waits for its controller for ever. */
  readonly firstContactMs: number;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Returns when the signal aborts. @throws the refusal, or Unavailable when there never was a contact */
export async function keepSession(options: SessionOptions): Promise<void> {
  const { clock, signal, listener } = options;
  const begun = clock.now();
  let everStood = false;
  let failures = 0;
  while (!signal.aborted) {
    const end = await oneSession(options);
    if (end.stood) {
      everStood = true;
      failures = 0;
    }
    if (signal.aborted) return;
    // What breaks a session that stood may be one message's fault: only who is refused at the door is refused for good.
    if (!end.stood && isRefusal(end.error) && listener.mayLeave()) throw end.error;
    if (!everStood && end.error !== null && clock.now() - begun > options.firstContactMs && listener.mayLeave()) throw end.error;
    // Half to all of the pause: agents that lost the same controller must not come back at the same moment.
    const pause = end.pauseMs ?? Math.min(firstPauseMs * 2 ** failures++, longestPauseMs);
    await clock.sleep(pause * (0.5 + options.random() / 2), signal);
  }
}

interface SessionOutcome {
  readonly stood: boolean;
  readonly error: Error | null;
  /** Asked for by the controller. */
  readonly pauseMs: number | null;
}

async function oneSession({ channel, listener, clock, signal }: SessionOptions): Promise<SessionOutcome> {
  let session: AgentSession;
  try {
    session = await (await channel()).session(listener.hello());
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    // What ends the agent is said once, by who ends it.
    if (!isRefusal(reason) || !listener.mayLeave()) listener.onAway(reason.message);
    return { stood: false, error: reason, pauseMs: null };
  }
  const over = new AbortController();
  const leave = (): void => session.close();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  listener.onWelcome(session.welcome, (message) => session.send(message));
  const renewing = renewWhile(over.signal, { everyMs: session.welcome.renewEveryMs, clock, listener });
  let pauseMs: number | null = null;
  for await (const message of session.messages) {
    if (message.$case === 'reconnect') {
      pauseMs = message.value.afterMs;
      session.close();
    } else listener.onMessage(message);
  }
  const error = await session.closed;
  over.abort();
  signal.removeEventListener('abort', leave);
  await renewing;
  listener.onAway(error?.message ?? 'the controller ended the session');
  return { stood: true, error, pauseMs };
}

async function renewWhile(
  over: AbortSignal,
  { everyMs, clock, listener }: { everyMs: number; clock: Clock; listener: SessionListener },
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(Math.max(everyMs, 50), over);
    if (!over.aborted) await listener.renew();
  }
}

/** Waiting helps against none of these. */
function isRefusal(error: Error | null): error is Error {
  return [Unauthenticated, Forbidden, NotFound, Invalid, Conflict, Incompatible].some((refusal) => error instanceof refusal);
}
