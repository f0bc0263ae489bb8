/** What a subscription needs of the state that it watches. */
export interface Watched {
  readonly value: unknown;
  readonly watchers: Set<(now: unknown, was: unknown) => void>;
}

/**
 * Calls `listener` with the newest selected value after it changed, at most once per turn of the event loop and never while an earlier call of it
 * is still under way: values in between are skipped. What it throws or rejects with goes to `report`, and neither reaches the commit nor other
 * listeners; one that never ends hears nothing more, and costs nothing.
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
  let isTelling = false;
  let hasMoved = false;
  let hasEnded = false;

  const tell = async (): Promise<void> => {
    hasMoved = false;
    try {
      const now = select(watched.value);
      if (hasEnded || equals(now, told)) return;
      const was = told;
      told = now;
      await listener(now, was);
    } catch (error) {
      report(error);
    }
  };
  const tellSoon = (): void => {
    isTelling = true;
    setImmediate(() => {
      void tell().then(() => {
        isTelling = false;
        if (hasMoved) tellSoon();
      });
    });
  };
  const watch = (): void => {
    hasMoved = true;
    if (!isTelling) tellSoon();
  };
  watched.watchers.add(watch);
  return () => {
    hasEnded = true;
    watched.watchers.delete(watch);
  };
}
