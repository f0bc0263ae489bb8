import { defineConfig } from 'vitest/config';
import { shareCompiledCode } from './vitest.compile-cache.ts';

shareCompiledCode();

/** As in vitest.config.ts: sources are tested as they stand, and pg is there. */
const conditions = ['holdfast-source', 'node'];
const fromSource = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/**
 * What happens when processes are killed, disks fill and clocks jump, and what takes as long. Apart from the other tests because it takes minutes, and
 * one file at a time because a process that is to be killed at a certain moment wants the machine for itself.
 */
export default defineConfig({
  test: {
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    projects: [
      { ...fromSource, extends: true, test: { name: 'holdfast faults', root: 'packages/holdfast', include: ['test/faults/**/*.test.ts'] } },
      {
        ...fromSource,
        extends: true,
        test: {
          name: 'maya faults',
          root: 'apps/maya',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: [`${import.meta.dirname}/packages/holdfast/test/support/postgres-global-setup.ts`],
        },
      },
      { ...fromSource, extends: true, test: { name: 'workbench faults', root: 'apps/workbench', include: ['test/faults/**/*.test.ts'] } },
    ],
  },
});
