import { defineState } from 'holdfast';
import { z } from 'zod';

const schema = z.strictObject({ count: z.int() });

/** What must never be lost: on disk before `update` resolves, whatever happens to the machine. The default. */
export const Sales = defineState({ name: 'sales', scope: 'team', schema, initial: { count: 0 }, durability: 'synced' });

/** What a power cut may take back: with the operating system before `update` resolves, safe from the death of the process. */
export const Glances = defineState({ name: 'glances', scope: 'team', schema, initial: { count: 0 }, durability: 'written' });
