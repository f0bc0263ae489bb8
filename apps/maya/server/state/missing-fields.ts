/**
 * A migration for what was stored before there were some of the fields: each that is missing gets the value that it has in a new session. What is there
 * stays as it is.
 */
export function fillMissing<Value extends object>(initial: Value): (older: object) => object {
  return (older) => ({ ...structuredClone(initial), ...older });
}
