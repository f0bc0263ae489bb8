import { z } from 'zod';
import { defineMethod, type Method } from '../methods/method.ts';
import type { ConfigManager } from './config-manager.ts';

/** What clients can call of the configuration. Secrets come as `[secret …]`. */
export function configMethods(config: ConfigManager): readonly Method[] {
  const report = (problems: ConfigManager['problems']): unknown => ({ path: config.path, isValid: problems.length === 0, problems });
  return [
    defineMethod({
      name: 'config_get',
      title: 'Read the configuration',
      description: 'Reads the static configuration of the project: all of it, a section, or a value in one. Tokens are not shown.',
      input: { section: z.string().max(256).optional(), key: z.string().max(256).optional() },
      hints: { readOnly: true },
      run: ({ section, key }) => (section === undefined ? config.current : (config.get(section, key) ?? null)),
    }),
    defineMethod({
      name: 'config_validate',
      title: 'Check the configuration',
      description: 'Gives every problem of config.json as it is now, each with its path.',
      input: {},
      hints: { readOnly: true },
      run: () => report(config.validate()),
    }),
    defineMethod({
      name: 'config_reload',
      title: 'Read config.json again',
      description:
        'Takes config.json as it is now, without waiting for it to be noticed. A broken one is reported, and the last good one stays.',
      input: {},
      hints: { readOnly: false, idempotent: true },
      run: () => report(config.reload()),
    }),
  ];
}
