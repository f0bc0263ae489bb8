/** How Cartesia speaks unless it is told otherwise. */
export const DEFAULT_VOICE = { modelId: 'sonic-3.5', voiceId: 'e07c00bc-4134-4eae-9ea4-1a55fb45746b' } as const;
