/** Just the part of `@opentelemetry/api` that is used, so that it need not be there: its `Tracer`, `Meter` and `trace` fit. */

export type Attributes = Record<string, string | number | boolean | string[]>;

/** Makes spans under the span that is active when it is called. */
export interface SpanTracer {
  startSpan(name: string, options: { startTime: number; attributes: Attributes }): EndedSpan;
}

export interface EndedSpan {
  /** 2 is an error. */
  setStatus(status: { code: number; message: string }): unknown;
  end(endTime: number): void;
}

export interface InstrumentMeter {
  createHistogram(name: string, options: HistogramOptions): Recorder;
  createGauge(name: string, options: InstrumentOptions): Recorder;
  createCounter(name: string, options: InstrumentOptions): Adder;
  createUpDownCounter(name: string, options: InstrumentOptions): Adder;
}

export interface InstrumentOptions {
  description: string;
  unit: string;
}

export interface HistogramOptions extends InstrumentOptions {
  advice: { explicitBucketBoundaries: number[] };
}

export interface Recorder {
  record(value: number, attributes: Attributes): void;
}

export interface Adder {
  add(value: number, attributes: Attributes): void;
}

/** Knows which span is active. */
export interface ActiveSpans {
  getActiveSpan(): { spanContext(): { readonly traceId: string } } | undefined;
}
