/**
 * The addresses of the dashboard. Those with an entity are the ones that W&B's client prints; the rest are our own. A page is loaded
 * when it is first opened.
 */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
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
  '/$entity/$project': () => import('./pages/project.js'),
  '/compare': () => import('./pages/compare/page.js'),
  '/$entity/$project/runs/$run': () => import('./pages/run/page.js'),
  '/$entity/$project/sweeps/$sweep': () => import('./pages/sweep/page.js'),
};

const root = createRootRoute({ component: Shell, notFoundComponent: NoSuchPage });

export const router = createRouter({
  routeTree: root.addChildren(
    Object.entries(pages).map(([path, load]) => createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })),
  ),
  parseSearch: readParams,
  stringifySearch: writeParams,
  defaultErrorComponent: BrokenPage,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});
