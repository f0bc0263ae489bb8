/** What a subscription needs of the state that it watches. */
export interface Watched {
  readonly value: unknown;
  readonly watchers: Set<(now: unknown, was: unknown) => void>;
}

/**
 * Calls `listener` with the newest selected value after it changed, at most once per turn of the event loop: values in between are skipped.
 * What the listener throws or rejects with goes to `report`, and neither reaches the commit nor other listeners.
 */
export function subscribe<Selected>(options: {
  watched: Watched;
  select: (value: unknown) => Selected;
  listener: (now: Selected, was: Selected) => unknown;
  equals: (a: Selected, b: Selected) => boolean;
  report: (error: unknown) => void;
}): () => void {
  const { watched, select, listener, equals, report } = options;
  let told = select(watched.value);
  let scheduled = false;
  let ended = false;

  const tell = async (): Promise<void> => {
    scheduled = false;
    if (ended) return;
    try {
      const now = select(watched.value);
      if (equals(now, told)) return;
      const was = told;
      told = now;
      await listener(now, was);
    } catch (error) {
      report(error);
    }
  };
  const watch = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(() => void tell());
  };
  watched.watchers.add(watch);
  return () => {
    ended = true;
    watched.watchers.delete(watch);
  };
}
