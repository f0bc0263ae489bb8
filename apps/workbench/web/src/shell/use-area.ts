import { useSyncExternalStore } from 'react';
import { addressOf, areaOf, type AreaId } from './areas.ts';

/** The area that the address names. */
export function useArea(): AreaId {
  return useSyncExternalStore(subscribe, () => areaOf(window.location.hash));
}

export function goTo(area: AreaId): void {
  window.location.hash = addressOf(area);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
