/** Routes of signing in: a browser gives a key once and holds a cookie from then on. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { sessionView as sessionSchema, signInBody } from '@sweep/api';
import { Unauthenticated } from '@sweep/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { RateLimiter } from '../auth/rate-limit.js';
import type { Sessions } from '../auth/sessions.js';
import { sessionView } from '../views/record-views.js';
import { type HttpParts, Parts, SignIn } from './parts.js';
import { Route } from './route-settings.js';

/** Of one address. Keys cannot be guessed anyway: this keeps those who try from costing a query each. */
const wrongKeys = { perSecond: 0.5, burst: 10 };

@Controller('api/v1/session')
export class SessionController {
  readonly #wrong = new RateLimiter(wrongKeys, 'this address sends too many wrong keys');

  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(SignIn) private readonly sessions: Sessions,
  ) {}

  @Post()
  @HttpCode(200)
  @Route({ access: 'public', summary: 'Sign a browser in with an API key: the answer sets a cookie', answer: sessionSchema })
  async signIn(
    @Body({ schema: signInBody }) { key }: z.infer<typeof signInBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    try {
      const { caller, expiresAt, cookie } = await this.sessions.signIn(request, key);
      reply.header('set-cookie', cookie);
      return sessionView(caller, expiresAt);
    } catch (error) {
      if (error instanceof Unauthenticated) this.#wrong.take(request.ip, this.parts.clock.now());
      throw error;
    }
  }

  @Get()
  @Route({ summary: 'Who is asking, by cookie or key', answer: sessionSchema })
  async find(@CallerOf() caller: Caller, @Req() request: FastifyRequest) {
    const session = request.headers.authorization === undefined ? await this.sessions.find(request) : null;
    return sessionView(caller, session?.expiresAt ?? caller.key.expiresAt);
  }

  @Delete()
  @HttpCode(204)
  @Route({ summary: 'Sign out: the cookie is void from now on', status: 204 })
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    reply.header('set-cookie', await this.sessions.signOut(request));
  }
}
