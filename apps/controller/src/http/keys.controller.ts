/** Routes of who may come in: keys, users, join tokens. For administrators. A secret is shown once, in the answer to its making. */
import { randomBytes } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  createKeyBody,
  createTokenBody,
  createUserBody,
  joinTokenView as joinTokenSchema,
  keyView as keySchema,
  listOf,
  tokenView,
  userView as userSchema,
} from '@sweep/api';
import { Conflict, Invalid, keyId, NotFound, randomId, userId } from '@sweep/domain';
import type { User } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { wholeList } from '../views/paging.js';
import { joinTokenView, keyView, userView } from '../views/record-views.js';
import { isoTime } from '../views/time.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

/** Long enough to walk to the other machine. */
const usualTokenSeconds = 3600;

@Controller('api/v1')
export class KeysController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('keys')
  @Route({ access: 'admin', summary: 'API keys of all users, without their secrets', answer: listOf(keySchema) })
  async keys() {
    const keys = await this.parts.store.keys.list(null);
    return wholeList(keys.filter(({ scope }) => scope !== 'attempt').map(keyView));
  }

  @Post('keys')
  @Route({ access: 'admin', summary: 'Make an API key; the answer alone holds its secret', answer: keySchema, status: 201, creates: true })
  async createKey(@Body({ schema: createKeyBody }) body: z.infer<typeof createKeyBody>, @CallerOf() caller: Caller) {
    const owner = await this.#owner(body.user, caller);
    if (body.scope === 'admin' && !owner.admin)
      throw new Invalid(`${owner.name} is not an administrator and can have no key of scope "admin"`);
    const expiresAt = body.expiresInSeconds === undefined ? null : (await this.parts.store.now()) + body.expiresInSeconds * 1000;
    const { key, secret } = await this.parts.authenticator.issue(owner.id, { name: body.name, scope: body.scope, expiresAt });
    return { ...keyView(key), secret };
  }

  @Delete('keys/:id')
  @HttpCode(204)
  @Route({ access: 'admin', summary: 'Revoke a key', status: 204 })
  async revokeKey(@Param('id') id: string): Promise<void> {
    if (!(await this.parts.store.keys.revoke(keyId(id)))) throw new NotFound(`there is no key ${id} that could be revoked`);
  }

  @Get('users')
  @Route({ access: 'admin', summary: 'Users', answer: listOf(userSchema) })
  async users() {
    return wholeList((await this.parts.store.keys.listUsers()).map(userView));
  }

  @Post('users')
  @Route({ access: 'admin', summary: 'Add a user', answer: userSchema, status: 201, creates: true })
  async createUser(@Body({ schema: createUserBody }) { name, admin = false }: z.infer<typeof createUserBody>) {
    const user = await this.parts.store.keys.createUser({ id: userId(randomId(8, randomBytes)), name, admin });
    if (user === null) throw new Conflict(`there is a user ${name} already`);
    return userView(user);
  }

  @Delete('users/:id')
  @HttpCode(204)
  @Route({ access: 'admin', summary: 'Remove a user, by id or name', status: 204 })
  async removeUser(@Param('id') id: string, @CallerOf() caller: Caller): Promise<void> {
    const user = await this.#user(id);
    // So there is always an administrator left.
    if (user.id === caller.user.id) throw new Conflict('you cannot remove yourself: ask another administrator');
    await this.parts.store.keys.removeUser(user.id);
  }

  @Get('tokens')
  @Route({ access: 'admin', summary: 'Join tokens that were made, without their secrets, newest first', answer: listOf(joinTokenSchema) })
  async tokens() {
    const { keys } = this.parts.store;
    const users = new Map((await keys.listUsers()).map(({ id, name }) => [id, name]));
    return wholeList((await keys.listTokens()).map((token) => joinTokenView(token, users.get(token.user) ?? '')));
  }

  @Delete('tokens/:id')
  @HttpCode(204)
  @Route({ access: 'admin', summary: 'Revoke a join token that was not used', status: 204 })
  async revokeToken(@Param('id') id: string): Promise<void> {
    if (!(await this.parts.store.keys.revokeToken(id))) throw new NotFound(`there is no join token ${id} that could be revoked`);
  }

  @Post('tokens')
  @Route({ access: 'admin', summary: 'Make a one-time token with which an agent joins', answer: tokenView, status: 201, creates: true })
  async createToken(@CallerOf() caller: Caller, @Body({ schema: createTokenBody.optional() }) body: z.infer<typeof createTokenBody> = {}) {
    const { store, authenticator } = this.parts;
    const token = authenticator.newKey();
    const expiresAt = (await store.now()) + (body.expiresInSeconds ?? usualTokenSeconds) * 1000;
    await store.keys.createToken(authenticator.hash(token), caller.user.id, expiresAt);
    return { token, expiresAt: isoTime(expiresAt) };
  }

  async #owner(name: string | undefined, caller: Caller): Promise<User> {
    return name === undefined ? caller.user : this.#user(name);
  }

  async #user(idOrName: string): Promise<User> {
    const { keys } = this.parts.store;
    const user = (await keys.findUserByName(idOrName)) ?? (await keys.findUser(userId(idOrName)));
    if (user === null) throw new NotFound(`there is no user ${idOrName}`);
    return user;
  }
}
