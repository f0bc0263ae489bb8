import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { shareCompiledCode } from './vitest.compile-cache.ts';

shareCompiledCode();

/** Sources are tested as they stand: the condition resolves `holdfast` to its src instead of its dist. */
const conditions = ['holdfast-source', 'node', 'import', 'default'];
const fromSource = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** A file takes the worker of the one before, with the modules that are there: loading them anew would cost more than most files do. */
const sharedWorkers = { isolate: false };

/** Without `import`, which would be in force for what a CommonJS package like pg requires, too. */
const postgresConditions = ['holdfast-source', 'node'];
const fromSourceWithPg = { resolve: { conditions: postgresConditions }, ssr: { resolve: { conditions: postgresConditions } } };

export default defineConfig({
  test: {
    testTimeout: 20_000,
    // Much of the time goes by waiting: for disks, browsers and other processes.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        ...fromSource,
        extends: true,
        test: {
          name: 'holdfast',
          root: 'packages/holdfast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/faults/**', 'test/stores/postgres*.test.ts'],
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] },
        },
      },
      // The engine's own tests once more, on the embedded default instead of memory.
      {
        ...fromSource,
        extends: true,
        test: {
          ...sharedWorkers,
          name: 'holdfast on sqlite',
          root: 'packages/holdfast',
          include: ['test/unit/**/*.test.ts', 'test/property/{engine,checkpoint,change-feed}.property.test.ts'],
          // What makes its own stores, or needs none.
          exclude: [
            'test/unit/{cow,money}/**',
            'test/unit/{commit/damaged-log,secret/canary,secret/secret,session/client-registry}.test.ts',
          ],
          env: { HOLDFAST_STORE: 'sqlite' },
        },
      },
      // Once more with every draft a deep copy: what the engine does must not depend on which nodes are shared.
      {
        extends: true,
        resolve: {
          conditions,
          alias: [{ find: /^\.\/draft\.ts$/, replacement: `${import.meta.dirname}/packages/holdfast/test/support/copying-draft.ts` }],
        },
        ssr: { resolve: { conditions } },
        test: {
          ...sharedWorkers,
          name: 'holdfast without sharing',
          root: 'packages/holdfast',
          include: ['test/unit/**/*.test.ts', 'test/property/engine.property.test.ts'],
          // What is shared is the subject of `cow`, and the others change no state, or none but to have keys for it.
          exclude: ['test/unit/{cow,money}/**', 'test/unit/{secret/canary,secret/keys,secret/secret,session/client-registry}.test.ts'],
        },
      },
      // On a real Postgres, started once for the run.
      {
        ...fromSourceWithPg,
        extends: true,
        test: {
          name: 'holdfast on postgres',
          root: 'packages/holdfast',
          include: ['test/stores/postgres*.test.ts'],
          globalSetup: [`${import.meta.dirname}/packages/holdfast/test/support/postgres-global-setup.ts`],
        },
      },
      {
        ...fromSourceWithPg,
        extends: true,
        test: {
          ...sharedWorkers,
          name: 'maya',
          root: 'apps/maya',
          include: ['test/**/*.test.ts'],
          exclude: ['test/faults/**'],
          globalSetup: [`${import.meta.dirname}/packages/holdfast/test/support/postgres-global-setup.ts`],
        },
      },
      {
        ...fromSource,
        extends: true,
        test: { ...sharedWorkers, name: 'workbench', root: 'apps/workbench', include: ['test/**/*.test.ts'], exclude: ['test/faults/**'] },
      },
      // The command as a process, on a real Postgres too.
      {
        ...fromSourceWithPg,
        extends: true,
        test: {
          name: 'cli',
          root: 'packages/cli',
          include: ['test/**/*.test.ts'],
          globalSetup: [`${import.meta.dirname}/packages/holdfast/test/support/postgres-global-setup.ts`],
        },
      },
      { ...fromSource, extends: true, test: { name: 'examples', root: 'examples', include: ['*.test.ts'], testTimeout: 60_000 } },
    ],
  },
});
