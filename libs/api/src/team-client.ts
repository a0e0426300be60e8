/** The part of the client that is about what people own together: teams, webhooks of projects, charts that they drew. */
import type { z } from 'zod';
import { routes } from './routes.js';
import type { ListView } from './schemas.js';
import type { CustomChartView, DeliveryView, MemberView, memberBody, TeamView, WebhookView, webhooksBody } from './team-schemas.js';
import type { Transport } from './transport.js';

interface ProjectPath {
  readonly entity: string;
  readonly project: string;
}

export interface TeamClient {
  /** The caller's; all of them for an administrator. */
  listTeams(): Promise<ListView<TeamView>>;
  createTeam(name: string): Promise<TeamView>;
  getTeam(name: string): Promise<TeamView>;
  putMember(team: string, user: string, body?: z.input<typeof memberBody>): Promise<MemberView>;
  removeMember(team: string, user: string): Promise<void>;
  listWebhooks(project: ProjectPath): Promise<ListView<WebhookView>>;
  /** In place of those that it has. A secret that was made is in this answer alone. */
  setWebhooks(project: ProjectPath, webhooks: z.input<typeof webhooksBody>['webhooks']): Promise<ListView<WebhookView>>;
  webhookDeliveries(project: ProjectPath): Promise<ListView<DeliveryView>>;
  listCustomCharts(entity: string): Promise<ListView<CustomChartView>>;
  getCustomChart(entity: string, name: string): Promise<CustomChartView>;
}

export function teamCalls({ json, send }: Transport): TeamClient {
  return {
    listTeams: () => json(routes.listTeams),
    createTeam: (name) => json(routes.createTeam, { body: { name } }),
    getTeam: (name) => json(routes.getTeam, { components: { name } }),
    putMember: (name, user, body = {}) => json(routes.putMember, { components: { name, user }, body }),
    removeMember: async (name, user) => void (await send(routes.removeMember, { components: { name, user } })),
    listWebhooks: ({ entity, project }) => json(routes.listWebhooks, { components: { entity, project } }),
    setWebhooks: ({ entity, project }, webhooks) => json(routes.setWebhooks, { components: { entity, project }, body: { webhooks } }),
    webhookDeliveries: ({ entity, project }) => json(routes.webhookDeliveries, { components: { entity, project } }),
    listCustomCharts: (entity) => json(routes.listCustomCharts, { components: { entity } }),
    getCustomChart: (entity, name) => json(routes.getCustomChart, { components: { entity, name } }),
  };
}
