import { describe, expect, it } from 'vitest';
import { listStories, runStory, storyFolders } from './stories.ts';

describe('the examples', () => {
  it('have a program in every folder', () => {
    expect(listStories()).toEqual(storyFolders());
  });

  it.for(listStories())('run: %s', { timeout: 90_000 }, async (story) => {
    const { ok, output } = await runStory(story);
    expect(ok, output).toBe(true);
  });
});
