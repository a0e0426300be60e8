/** The tables of teams, their charts, and of whom projects tell. The SQL in `migrations/` is the truth. */
import type { ProjectId, UserId } from '@sweep/domain';
import { sql } from 'drizzle-orm';
import { bigint, boolean, integer, pgTable, text } from 'drizzle-orm/pg-core';
import type { Delivery } from '../store.js';

const stamp = (name: string) => bigint(name, { mode: 'number' }).notNull().default(sql`sweep_now()`);

export const teams = pgTable('teams', {
  name: text('name').primaryKey(),
  createdAt: stamp('created_at'),
});

export const teamMembers = pgTable('team_members', {
  team: text('team').notNull(),
  user: text('user_id').$type<UserId>().notNull(),
  admin: boolean('admin').notNull(),
});

export const customCharts = pgTable('custom_charts', {
  entity: text('entity').notNull(),
  name: text('name').notNull(),
  displayName: text('display_name').notNull(),
  type: text('type').notNull(),
  access: text('access').notNull(),
  spec: text('spec').notNull(),
  updatedAt: stamp('updated_at'),
});

export const webhooks = pgTable('webhooks', {
  id: text('id').primaryKey(),
  project: text('project_id').$type<ProjectId>().notNull(),
  url: text('url').notNull(),
  secret: text('secret').notNull(),
  events: text('events').array().notNull(),
  createdAt: stamp('created_at'),
});

export const webhookDeliveries = pgTable('webhook_deliveries', {
  id: text('id').primaryKey(),
  webhook: text('webhook_id').notNull(),
  occasion: text('occasion').notNull(),
  event: text('event').notNull(),
  body: text('body').notNull(),
  state: text('state').$type<Delivery['state']>().notNull().default('waiting'),
  tries: integer('tries').notNull().default(0),
  dueAt: stamp('due_at'),
  answer: text('answer'),
  createdAt: stamp('created_at'),
});
