/** Runs every story and says which ones hold; the output of a story is shown when it fails. */
import { listStories, runStory } from './stories.ts';

const stories = listStories();
if (stories.length === 0) console.log('There are no examples: none of the folders in examples/ has a main.ts.');
for (const story of stories) {
  const { ok, output, durationMs } = await runStory(story);
  console.log(`${ok ? '✓' : '✗'} ${story} (${Math.round(durationMs)} ms)`);
  if (ok) continue;
  console.log(output.replaceAll(/^/gm, '    '));
  process.exitCode = 1;
}
