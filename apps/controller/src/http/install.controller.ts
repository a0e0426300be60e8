/** Routes of putting an agent onto another machine: a script, and the archive that it fetches. Both hold no data. */
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { NotFound } from '@sweep/domain';
import type { FastifyReply } from 'fastify';
import { archiveName, installScript } from '../install/script.js';
import { downloadHeaders } from './download.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

@Controller()
export class InstallController {
  constructor(@Inject(Parts) private readonly parts: HttpParts) {}

  @Get('install.sh')
  @Route({ access: 'public', summary: 'A shell script that puts the agent onto a machine', produces: 'text/x-shellscript' })
  script(@Res() reply: FastifyReply): void {
    const { server, agentArchive } = this.parts;
    const { version, fingerprint } = server;
    const text = installScript({ url: server.url(), version, sum: agentArchive().sum, fingerprint });
    reply.type('text/x-shellscript; charset=utf-8').send(text);
  }

  @Get('agent/:name')
  @Route({ access: 'public', summary: 'The agent of this version, as the script fetches it', produces: 'application/octet-stream' })
  archive(@Param('name') name: string, @Res() reply: FastifyReply): void {
    const { server, agentArchive } = this.parts;
    if (name !== archiveName(server.version)) throw new NotFound(`this controller hands out ${archiveName(server.version)} only`);
    reply.headers(downloadHeaders(name)).send(agentArchive().bytes);
  }
}
