import { useCallback, useState, type FocusEvent, type KeyboardEvent } from 'react';

export interface Roving {
  /** For the element around; the places are the elements in it that have `data-rove`. */
  readonly container: {
    readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
  /** For each place, by its number. */
  readonly place: (index: number) => { readonly 'data-rove': ''; readonly tabIndex: 0 | -1 };
}

/** One stop of the Tab key for a list: the arrow keys, Home and End move within it, and it is come back to where it was left. */
export function useRoving(count: number): Roving {
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, count - 1));
  const onFocus = useCallback((event: FocusEvent<HTMLElement>): void => {
    const index = placesIn(event.currentTarget).indexOf(event.target);
    if (index >= 0) setAt(index);
  }, []);
  const onKeyDown = useCallback((event: KeyboardEvent<HTMLElement>): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const places = placesIn(event.currentTarget);
    const index = places.indexOf(event.target as HTMLElement);
    if (index < 0) return;
    const next = { ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1, Home: 0, End: places.length - 1 }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    places[Math.min(places.length - 1, Math.max(0, next))]?.focus();
  }, []);
  return { container: { onKeyDown, onFocus }, place: (index) => ({ 'data-rove': '', tabIndex: index === current ? 0 : -1 }) };
}

function placesIn(container: HTMLElement): HTMLElement[] {
  return [...container.querySelectorAll<HTMLElement>('[data-rove]')];
}
