/** Routes of the webhooks of a project. A secret is shown once, in the answer to its making. */
import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { deliveryView as deliverySchema, listOf, webhookView as webhookSchema, webhooksBody } from '@sweep/api';
import { Forbidden, Invalid, NotFound, randomId } from '@sweep/domain';
import type { Delivery, Project, Webhook } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { mayWrite } from '../auth/ownership.js';
import { wholeList } from '../views/paging.js';
import { isoTime } from '../views/time.js';
import { webhookUrl } from '../webhooks/addresses.js';
import { secretPrefix } from '../webhooks/send.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

const newestDeliveries = 100;
const secretBytes = 32;

@Controller('api/v1/projects/:entity/:project')
export class WebhooksController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('webhooks')
  @Route({ summary: 'Webhooks of a project, without their secrets', answer: listOf(webhookSchema) })
  async list(@Param('entity') entity: string, @Param('project') name: string, @CallerOf() caller: Caller) {
    const project = await this.#project({ entity, name }, caller);
    return wholeList((await this.parts.store.webhooks.list(project.id)).map((hook) => webhookView(hook)));
  }

  @Put('webhooks')
  @Route({ summary: 'Set the webhooks of a project; a secret that was made is in this answer alone', answer: listOf(webhookSchema) })
  async replace(
    @Param('entity') entity: string,
    @Param('project') name: string,
    @Body({ schema: webhooksBody }) { webhooks: wanted }: z.infer<typeof webhooksBody>,
    @CallerOf() caller: Caller,
  ) {
    const project = await this.#project({ entity, name }, caller);
    const urls = wanted.map(({ url }) => webhookUrl(url).href);
    const twice = urls.find((url, index) => urls.indexOf(url) < index);
    if (twice !== undefined) throw new Invalid(`${twice} is given twice: name it once, with all its events`);
    const known = new Map((await this.parts.store.webhooks.list(project.id)).map((hook) => [hook.url, hook.secret]));
    const hooks = wanted.map(({ secret, events }, index) => ({
      id: randomId(8, randomBytes),
      url: urls[index]!,
      secret: checkedSecret(secret) ?? known.get(urls[index]!) ?? newSecret(),
      events: [...new Set(events)],
    }));
    const stored = await this.parts.store.webhooks.replace(project.id, hooks);
    return wholeList(stored.map((hook) => webhookView(hook, known.get(hook.url) !== hook.secret)));
  }

  @Get('webhook-deliveries')
  @Route({ summary: 'What webhooks of a project were told, the newest first', answer: listOf(deliverySchema) })
  async deliveries(@Param('entity') entity: string, @Param('project') name: string, @CallerOf() caller: Caller) {
    const project = await this.#project({ entity, name }, caller);
    const { webhooks } = this.parts.store;
    const urls = new Map((await webhooks.list(project.id)).map(({ id, url }) => [id, url]));
    return wholeList(
      (await webhooks.deliveries(project.id, newestDeliveries)).map((one) => deliveryView(one, urls.get(one.webhook) ?? '')),
    );
  }

  /** Where they lead is nothing for everybody. @throws NotFound, Forbidden */
  async #project({ entity, name }: Pick<Project, 'entity' | 'name'>, { user }: Caller): Promise<Project> {
    const project = await this.parts.store.projects.find(entity, name);
    if (project === null) throw new NotFound(`there is no project ${entity}/${name}`);
    if (!(await mayWrite(this.parts.store, user, entity)))
      throw new Forbidden(`the webhooks of ${entity}/${name} are for those who write into ${entity}`);
    return project;
  }
}

const newSecret = (): string => `${secretPrefix}${randomBytes(secretBytes).toString('base64')}`;

/** @throws Invalid */
function checkedSecret(secret: string | undefined): string | undefined {
  if (secret === undefined) return undefined;
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64');
  const isOne = secret === `${secretPrefix}${key.toString('base64')}` && key.length >= 24 && key.length <= 64;
  if (!isOne) throw new Invalid(`a secret is "${secretPrefix}" and 24 to 64 bytes in base64: leave it out and one is made`);
  return secret;
}

const webhookView = ({ url, events, secret, createdAt }: Webhook, isNew = false) => ({
  url,
  events: [...events],
  ...(isNew ? { secret } : {}),
  createdAt: isoTime(createdAt),
});

const deliveryView = ({ id, event, state, tries, answer, createdAt, dueAt }: Delivery, url: string) => ({
  ...{ id, url, event, state, tries, answer },
  createdAt: isoTime(createdAt),
  dueAt: state === 'waiting' ? isoTime(dueAt) : null,
});
