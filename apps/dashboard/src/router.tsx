/**
 * The addresses of the dashboard. Those with an entity are the ones that W&B's client prints; the rest are our own. A page is loaded
 * when it is first opened.
 */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouteComponent, redirect } from '@tanstack/react-router';
import { projectAddress } from './shell/addresses.js';
import { BrokenPage } from './shell/broken-page.js';
import { NoSuchPage } from './shell/no-such-page.js';
import { Shell } from './shell/shell.js';
import { readParams, writeParams } from './ui/params.js';

type Page = () => Promise<{ readonly default: RouteComponent }>;

const pages: Readonly<Record<string, Page>> = {
  '/': () => import('./pages/sweeps.js'),
  '/runs': () => import('./pages/runs/page.js'),
  '/agents': () => import('./pages/agents/page.js'),
  '/queue': () => import('./pages/queue.js'),
  '/settings': () => import('./pages/settings/page.js'),
  '/projects': () => import('./pages/projects.js'),
  // Where the wandb client sends people for a key.
  '/authorize': () => import('./pages/settings/page.js'),
  '/start': () => import('./pages/start.js'),
  '/$entity': () => import('./pages/projects.js'),
  '/$entity/$project': () => import('./pages/project/page.js'),
  '/compare': () => import('./pages/compare/page.js'),
  '/$entity/$project/artifacts/$type/$name': () => import('./pages/artifact/page.js'),
  '/$entity/$project/artifacts/$type/$name/$version': () => import('./pages/artifact/page.js'),
  '/$entity/$project/runs/$run': () => import('./pages/run/page.js'),
  '/$entity/$project/sweeps/$sweep': () => import('./pages/sweep/page.js'),
};

/** Addresses by which the wandb client calls parts of a project. */
const partsOfProjects: Readonly<Record<string, string>> = {
  '/$entity/$project/sweeps': 'sweeps',
  '/$entity/$project/runs': 'runs',
  '/$entity/$project/artifacts': 'artifacts',
  '/$entity/$project/artifacts/$type': 'artifacts',
};

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage });

export const router = createRouter({
  routeTree: root.addChildren([
    ...Object.entries(pages).map(([path, load]) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })),
    ...Object.entries(partsOfProjects).map(([path, tab]) =>
      createRoute({
        getParentRoute: () => root,
        path,
        beforeLoad: ({ params }) => {
          const { entity = '', project = '' } = params as Readonly<Record<string, string>>;
          throw redirect({ to: projectAddress(`${entity}/${project}`), search: { tab } as never, replace: true });
        },
      }),
    ),
  ]),
  parseSearch: readParams,
  stringifySearch: writeParams,
  defaultErrorComponent: BrokenPage,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});
