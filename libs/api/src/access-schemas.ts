/** Shapes of who may come in: sessions of browsers, and join tokens that were made. Keys and users are in schemas.ts. */
import { z } from 'zod';
import { time } from './schemas.js';

export const signInBody = z.strictObject({ key: z.string().min(1).max(1_000) }).meta({ id: 'SignIn' });

export const sessionView = z
  .object({
    user: z.object({ id: z.string(), name: z.string(), admin: z.boolean() }),
    scope: z.enum(['admin', 'user']),
    key: z.object({ id: z.string(), name: z.string() }),
    /** Null: the key was sent itself, and does not expire. */
    expiresAt: time.nullable(),
  })
  .meta({ id: 'Session' });

/** A join token that was made; its secret is not kept. */
export const joinTokenView = z
  .object({ id: z.string(), by: z.string(), createdAt: time, expiresAt: time, usedAt: time.nullable() })
  .meta({ id: 'JoinToken' });

export type JoinTokenView = z.infer<typeof joinTokenView>;
export type SessionView = z.infer<typeof sessionView>;
