type TraceSource = () => string | undefined;

let source: TraceSource | undefined;

/** The id of the trace that the caller is part of; undefined where no tracing is set up. */
export function activeTrace(): string | undefined {
  return source?.();
}

/** Says where {@link activeTrace} looks, for the whole process; gives the function that ends it. */
export function setTraceSource(next: TraceSource): () => void {
  source = next;
  return () => {
    if (source === next) source = undefined;
  };
}
