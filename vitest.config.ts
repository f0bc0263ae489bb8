import { defineConfig } from 'vitest/config';

/** Sources are tested as they stand: the condition resolves `holdfast` to its src instead of its dist. */
const fromSource = { resolve: { conditions: ['holdfast-source', 'node', 'import', 'default'] }, ssr: { resolve: { conditions: ['holdfast-source', 'node', 'import', 'default'] } } };

export default defineConfig({
  test: {
    testTimeout: 20_000,
    onConsoleLog: () => true,
    projects: [
      { ...fromSource, test: { name: 'holdfast', root: 'packages/holdfast', include: ['test/**/*.test.ts'], exclude: ['test/faults/**'], typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'] } } },
      { ...fromSource, test: { name: 'maya', root: 'apps/maya', include: ['test/**/*.test.ts'], exclude: ['test/faults/**'] } },
      { ...fromSource, test: { name: 'examples', root: 'examples', include: ['*.test.ts'] } },
    ],
  },
});
