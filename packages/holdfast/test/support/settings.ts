import { defineState, type StateDefinition } from 'holdfast';
import { z } from 'zod';

const SettingsSchema = z.strictObject({
  theme: z.string(),
  volume: z.int(),
  tags: z.array(z.string()),
  limits: z.record(z.string(), z.int()),
});

/** What people edit by hand: `global/settings.json`. */
export const Settings: StateDefinition<z.infer<typeof SettingsSchema>, 'global', 'settings'> = defineState({
  name: 'settings',
  scope: 'global',
  schema: SettingsSchema,
  initial: { theme: 'light', volume: 5, tags: [], limits: {} },
  invariants: { audible: ({ volume }) => volume <= 10 || 'the volume is at most 10' },
});
