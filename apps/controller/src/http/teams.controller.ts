/** Routes of teams, and of what else an entity owns beside projects: the charts that people drew. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  customChartView as chartSchema,
  createTeamBody,
  listOf,
  memberBody,
  memberView as memberSchema,
  type TeamView,
  teamView as teamSchema,
} from '@sweep/api';
import { NotFound } from '@sweep/domain';
import type { CustomChart, Team, TeamMember } from '@sweep/store';
import type { z } from 'zod';
import { CallerOf } from '../auth/access.guard.js';
import type { Caller } from '../auth/caller.js';
import { Teams } from '../teams/teams.js';
import { valuesIn } from '../views/logged-values.js';
import { wholeList } from '../views/paging.js';
import { isoTime } from '../views/time.js';
import { type HttpParts, Parts } from './parts.js';
import { Route } from './route-settings.js';

@Controller('api/v1')
export class TeamsController {
  readonly #teams: Teams;

  constructor(@Inject(Parts) private readonly parts: HttpParts) {
    this.#teams = new Teams(parts.store);
  }

  @Get('teams')
  @Route({ summary: 'Your teams; all of them for an administrator', answer: listOf(teamSchema) })
  async list(@CallerOf() { user }: Caller) {
    const teams = await this.parts.store.teams.list(user.admin ? null : user.id);
    return wholeList(await Promise.all(teams.map((team) => this.#view(team))));
  }

  @Post('teams')
  @Route({ summary: 'Make a team; you are its administrator', answer: teamSchema, status: 201, creates: true })
  async create(@Body({ schema: createTeamBody }) { name }: z.infer<typeof createTeamBody>, @CallerOf() { user }: Caller) {
    return this.#view(await this.#teams.create(name, user));
  }

  @Get('teams/:name')
  @Route({ summary: 'One team with its members', answer: teamSchema })
  async find(@Param('name') name: string) {
    return teamView(await this.#teams.find(name));
  }

  @Put('teams/:name/members/:user')
  @Route({ summary: 'Add a member to a team, or change what it may', answer: memberSchema })
  async put(
    @Param('name') team: string,
    @Param('user') user: string,
    @Body({ schema: memberBody }) { admin }: z.infer<typeof memberBody>,
    @CallerOf() caller: Caller,
  ) {
    return memberView(await this.#teams.put({ team, user }, admin, caller.user));
  }

  @Delete('teams/:name/members/:user')
  @HttpCode(204)
  @Route({ summary: 'Remove a member from a team', status: 204 })
  async remove(@Param('name') team: string, @Param('user') user: string, @CallerOf() caller: Caller): Promise<void> {
    await this.#teams.remove({ team, user }, caller.user);
  }

  @Get('custom-charts/:entity')
  @Route({ summary: 'Charts that people of an entity drew', answer: listOf(chartSchema) })
  async charts(@Param('entity') entity: string) {
    return wholeList((await this.parts.store.charts.list(entity)).map(chartView));
  }

  @Get('custom-charts/:entity/:name')
  @Route({ summary: 'One chart that somebody drew', answer: chartSchema })
  async chart(@Param('entity') entity: string, @Param('name') name: string) {
    const chart = await this.parts.store.charts.find(entity, name);
    if (chart === null) throw new NotFound(`there is no chart ${entity}/${name}`);
    return chartView(chart);
  }

  async #view(team: Team): Promise<TeamView> {
    return teamView({ ...team, members: await this.parts.store.teams.members(team.name) });
  }
}

const teamView = ({ name, createdAt, members }: Team & { readonly members: readonly TeamMember[] }): TeamView => ({
  name,
  members: members.map(memberView),
  createdAt: isoTime(createdAt),
});

const memberView = ({ name, admin }: TeamMember) => ({ name, admin });

const chartView = ({ spec, updatedAt, access: _access, ...chart }: CustomChart) => ({
  ...chart,
  // As its client wrote it, who may write NaN.
  spec: valuesIn(spec) ?? {},
  updatedAt: isoTime(updatedAt),
});
