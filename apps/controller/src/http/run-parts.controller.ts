/** Routes of the parts of one run: its series, media, files, console and artifacts. */
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import {
  consoleView as consoleSchema,
  fileView as fileSchema,
  listOf,
  runMediaView as mediaSchema,
  type RunMediaView,
  runArtifactView as runArtifactSchema,
  runSeriesView as seriesSchema,
} from '@sweep/api';
import { NotFound } from '@sweep/domain';
import type { LineKey } from '@sweep/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { artifactsOfRun } from '../views/artifact-reader.js';
import { readConsole } from '../views/console-reader.js';
import { mediaIn, seriesOf } from '../views/logged-values.js';
import { wholeList } from '../views/paging.js';
import { fileView } from '../views/record-views.js';
import { type RunReader, shownAttempt } from '../views/run-reader.js';
import { goesOn } from '../views/run-view.js';
import { anyBytes, downloadHeaders } from './download.js';
import { type HttpParts, Parts, RunViews } from './parts.js';
import { consoleQuery, filesQuery, mediaQuery, shownFileQuery } from './queries.js';
import { sendRanged } from './ranged.js';
import { Route } from './route-settings.js';
import { shownHeaders } from './shown-file.js';

/** Lines that one call looks through for media. */
const mostLines = 20_000;
const pieceLines = 2_000;
const usualMedia = 200;

@Controller('api/v1/runs/:id')
export class RunPartsController {
  constructor(
    @Inject(Parts) private readonly parts: HttpParts,
    @Inject(RunViews) private readonly views: RunReader,
  ) {}

  @Get('keys')
  @Route({ summary: 'What a run logged, by name: kinds of values, how many, the last', answer: listOf(seriesSchema) })
  async series(@Param('id') id: string) {
    const record = await this.views.find(id);
    const [last] = await this.views.last([record]);
    return wholeList(seriesOf(last ?? [], record));
  }

  @Get('media')
  @Route({ summary: 'What a run logged beside numbers, in the order of its lines; files by their paths', answer: listOf(mediaSchema) })
  async media(@Param('id') id: string, @Query({ schema: mediaQuery }) query: z.infer<typeof mediaQuery>) {
    const record = await this.views.find(id);
    const keys = query.keys === undefined ? null : new Set(query.keys);
    const wanted = query.limit ?? usualMedia;
    const key: LineKey = { run: record.id, attempt: shownAttempt(record), stream: 'history' };
    const items: RunMediaView[] = [];
    let at = query.cursor ?? 0;
    let more = true;
    for (const until = at + mostLines; more && at < until && items.length < wanted; ) {
      const lines = await this.parts.store.lines.read(key, at, pieceLines);
      more = lines.length === pieceLines;
      for (const line of lines) {
        if (items.length >= wanted) {
          more = true;
          break;
        }
        items.push(...mediaIn(line, keys));
        at++;
      }
    }
    return { items, nextCursor: more ? String(at) : null, total: items.length };
  }

  @Get('console')
  @Route({ summary: 'A stretch of what the program of a run printed', answer: consoleSchema })
  async console(@Param('id') id: string, @Query({ schema: consoleQuery }) query: z.infer<typeof consoleQuery>) {
    const record = await this.views.find(id);
    return readConsole(this.parts.store, {
      record,
      attempt: query.attempt ?? shownAttempt(record),
      stream: query.stream ?? null,
      from: query.from ?? 0,
      limit: query.limit ?? null,
      ended: !goesOn(record),
    });
  }

  @Get('files')
  @Route({ summary: 'Files of a run', answer: listOf(fileSchema) })
  async files(@Param('id') id: string, @Query({ schema: filesQuery }) query: z.infer<typeof filesQuery>) {
    const record = await this.views.find(id);
    return wholeList((await this.parts.store.files.list(record.id, query.kind ?? null)).map(fileView));
  }

  @Get('files/content')
  @Route({ summary: 'One file of a run: as a download, or with `show` as a browser may show it', produces: anyBytes })
  async content(
    @Param('id') id: string,
    @Query({ schema: shownFileQuery }) query: z.infer<typeof shownFileQuery>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const record = await this.views.find(id);
    const files = await this.parts.store.files.list(record.id, query.kind ?? null);
    const file = files.find(({ path }) => path === query.path);
    if (file === undefined) throw new NotFound(`run ${record.handle} has no file ${query.path}`);
    const name = file.path.split('/').at(-1)!;
    const headers = query.show === true ? shownHeaders(name) : downloadHeaders(name);
    await sendRanged(this.parts.blobs, request, reply, { blob: file.blob, headers });
  }

  @Get('artifacts')
  @Route({ summary: 'Artifacts that a run made and used', answer: listOf(runArtifactSchema) })
  async artifacts(@Param('id') id: string) {
    const record = await this.views.find(id);
    return wholeList(await artifactsOfRun(this.parts.store, record.id));
  }
}
