/** Shapes of teams and of the webhooks of projects. */
import { z } from 'zod';
import { time } from './schemas.js';

export const createTeamBody = z.strictObject({ name: z.string().min(1).max(64) }).meta({ id: 'CreateTeam' });

export const memberBody = z
  .strictObject({
    /** May change who is in the team. */
    admin: z.boolean().default(false),
  })
  .meta({ id: 'SetMember' });

export const memberView = z.object({ name: z.string(), admin: z.boolean() }).meta({ id: 'Member' });

export const teamView = z
  .object({
    /** Also the entity that owns the team's projects. */
    name: z.string(),
    members: z.array(memberView),
    createdAt: time,
  })
  .meta({ id: 'Team' });

export const webhookEvent = z.enum(['run.alert', 'run.failed', 'sweep.ended', 'agent.quarantined']);

export const webhooksBody = z
  .strictObject({
    webhooks: z
      .array(
        z.strictObject({
          url: z.string().min(1).max(2_000),
          events: z.array(webhookEvent).min(1),
          /** `whsec_` and 24 to 64 bytes in base64; made by the controller where it is new and none is given. */
          secret: z.string().max(200).optional(),
        }),
      )
      .max(20),
  })
  .meta({ id: 'SetWebhooks' });

export const webhookView = z
  .object({
    url: z.string(),
    events: z.array(webhookEvent),
    /** Only in the answer that made it. */
    secret: z.string().optional(),
    createdAt: time,
  })
  .meta({ id: 'Webhook' });

export const deliveryView = z
  .object({
    id: z.string(),
    url: z.string(),
    event: z.string(),
    state: z.enum(['waiting', 'delivered', 'failed']),
    tries: z.number().int(),
    /** Of the last try: the status that was answered, or why there is none. */
    answer: z.string().nullable(),
    createdAt: time,
    /** Of the next try. */
    dueAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

/** A chart that somebody drew: `entity/name` is what configs of runs call it. */
export const customChartView = z
  .object({ entity: z.string(), name: z.string(), displayName: z.string(), type: z.string(), spec: z.unknown(), updatedAt: time })
  .meta({ id: 'CustomChart' });

export type TeamView = z.infer<typeof teamView>;
export type MemberView = z.infer<typeof memberView>;
export type WebhookView = z.infer<typeof webhookView>;
export type DeliveryView = z.infer<typeof deliveryView>;
export type CustomChartView = z.infer<typeof customChartView>;
