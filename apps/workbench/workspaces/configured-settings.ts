import type { ConfigManager } from '../config/config-manager.ts';
import type { WorkspaceSettings } from './workspace-registry.ts';

/** Repositories that have a path, and personas with their tools, as the configuration says now. */
export function configuredSettings(config: Pick<ConfigManager, 'get'>): WorkspaceSettings {
  const repositories = Object.entries(config.get('repositories') ?? {}).flatMap(([name, { path }]) =>
    path === undefined ? [] : [[name, path]],
  );
  const personas = Object.entries(config.get('personas') ?? {}).map(([name, { tools }]) => [name, tools]);
  return {
    repositories: Object.fromEntries(repositories) as WorkspaceSettings['repositories'],
    personas: Object.fromEntries(personas) as WorkspaceSettings['personas'],
  };
}
