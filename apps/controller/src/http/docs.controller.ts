/** The API's description. Reads what the handlers say about themselves; open to anyone, since it holds no data. */
import { Controller, Get, Inject, RequestMethod, Res, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { Bug } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type OpenApi, type Operation, openApi } from './openapi.js';
import { docsPage, pagePolicy } from './pages.js';
import { type HttpParts, Parts } from './parts.js';
import { Route, settingsOfHandler } from './route-settings.js';

/** The classes whose routes are described. */
export const Described = Symbol('described controllers');

@Controller()
export class DocsController {
  /** Made when first asked for: a tenth of a second that no start has to wait for. */
  #made: OpenApi | null = null;

  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(Described) private readonly controllers: readonly Type[],
  ) {}

  @Get('api/docs')
  @Route({ access: 'public', summary: 'This description, for people', produces: 'text/html' })
  docs(@Res() reply: FastifyReply): void {
    reply.type('text/html; charset=utf-8').header('content-security-policy', pagePolicy).send(docsPage(this.document()));
  }

  @Get('api/openapi.json')
  @Route({ access: 'public', summary: 'This description, as OpenAPI 3.1', produces: 'application/json' })
  document(): OpenApi {
    this.#made ??= openApi(this.controllers.flatMap(operationsOf), this.parts.server.version);
    return this.#made;
  }
}

/** The routes of one class, with the schemas that its parameters are validated by. */
export function operationsOf(controller: Type): readonly Operation[] {
  const prefix = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  const names = Object.getOwnPropertyNames(controller.prototype).filter((name) =>
    Reflect.hasMetadata(METHOD_METADATA, controller.prototype[name] as object),
  );
  return names.map((name) => {
    const handler = controller.prototype[name] as object;
    const settings = settingsOfHandler(handler);
    if (settings === undefined) throw new Bug(`${controller.name}.${name} lacks @Route`);
    const tag = controller.name.replace(/Controller$/, '');
    return {
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!,
      path: `/${[prefix, String(Reflect.getMetadata(PATH_METADATA, handler))]
        .map((part) => part.replace(/^\/|\/$/g, ''))
        .filter((part) => part !== '')
        .join('/')}`,
      id: `${tag}.${name}`,
      tag,
      settings,
      body: schemaOf(controller, name, RouteParamtypes.BODY),
      query: schemaOf(controller, name, RouteParamtypes.QUERY) as z.ZodObject | null,
    };
  });
}

function schemaOf(controller: Type, name: string, kind: RouteParamtypes): z.ZodType | null {
  const all = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { readonly schema?: z.ZodType }>;
  const found = Object.entries(all).find(([key]) => key.startsWith(`${kind}:`));
  return found?.[1].schema ?? null;
}
