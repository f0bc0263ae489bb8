export type {
  ActiveSpans,
  Adder,
  Attributes,
  EndedSpan,
  HistogramOptions,
  InstrumentMeter,
  InstrumentOptions,
  Recorder,
  SpanTracer,
} from './api.ts';
export { observe } from './observe.ts';
export type { ObserveOptions } from './observe.ts';
