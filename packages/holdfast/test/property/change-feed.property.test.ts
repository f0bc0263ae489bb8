import { test } from '@fast-check/vitest';
import { anyFeedCommands, assertReadersEndWithHeads } from '../support/feed-commands.ts';
import { testStore } from '../support/test-store.ts';

/*
 * Property: whoever applies what the feed gives ends with exactly the heads, from whatever seq they begin, through whatever filter, and however slowly
 * they read while history is written, pruned, forked and deleted; every change follows on what they know, or is a reset, and no commit comes twice.
 */
test.prop([anyFeedCommands], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 40) })(
  'a reader who applies resets and changes ends with the heads, from any seq',
  async (commands) => {
    await assertReadersEndWithHeads(testStore(), commands);
  },
);
