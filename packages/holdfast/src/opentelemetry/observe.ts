import { setTraceSource } from '../event/index.ts';
import type { ActiveSpans, InstrumentMeter, SpanTracer } from './api.ts';
import { listen } from './listen.ts';
import { metricListeners } from './metrics.ts';
import { spanListeners } from './spans.ts';

/** The id of a span that belongs to no trace. */
const NO_TRACE = /^0*$/;

export interface ObserveOptions {
  /** Makes the spans: `trace.getTracer('holdfast')`. Without it there are none. */
  readonly tracer?: SpanTracer;
  /** Makes the instruments: `metrics.getMeter('holdfast')`. Without it there are none. */
  readonly meter?: InstrumentMeter;
  /** The api's `trace`: a commit whose caller names no trace gets the id of the one that is active. Of several, the last given counts. */
  readonly trace?: ActiveSpans;
}

/**
 * Gives OpenTelemetry what all managers of this process do, until the returned function is called. Spans and metrics hold names, versions and sizes,
 * never a value of a state, and of an error its code only.
 */
export function observe(options: ObserveOptions): () => void {
  const { tracer, meter, trace } = options;
  const endings = [
    ...(tracer ? [listen(spanListeners(tracer))] : []),
    ...(meter ? [listen(metricListeners(meter))] : []),
    ...(trace ? [setTraceSource(() => activeTraceId(trace))] : []),
  ];
  return () => {
    for (const end of endings) end();
  };
}

function activeTraceId(trace: ActiveSpans): string | undefined {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return traceId === undefined || NO_TRACE.test(traceId) ? undefined : traceId;
}
