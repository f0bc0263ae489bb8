/** The row of a list that something stands in. */
export function rowAround(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>('[data-row]');
}

/** Puts the keyboard on a row, unless it has gone elsewhere meanwhile: a button that is gone once it was pressed would leave it nowhere. */
export function focusRow(row: HTMLElement): void {
  const { activeElement } = document;
  if (activeElement === document.body || row.contains(activeElement)) row.querySelector<HTMLElement>('[data-rove]')?.focus();
}
