import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, trace, type Context, type ContextManager, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { observe } from 'holdfast/opentelemetry';

/** Carries the active span through async calls, as the Node SDK does. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => fn.apply(self, args));
  }
  bind<T>(_active: Context, target: T): T {
    return target;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    return this;
  }
}

/** OpenTelemetry's SDK on everything that the engine does, until disposed of. */
export class Telemetry {
  readonly tracer: Tracer;
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #meters: MeterProvider;
  readonly #end: () => void;

  constructor() {
    context.setGlobalContextManager(new AsyncContextManager());
    this.tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#spans)] }).getTracer('holdfast');
    this.#meters = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 1e9 })],
    });
    this.#end = observe({ tracer: this.tracer, meter: this.#meters.getMeter('holdfast'), trace });
  }

  spans(name: string): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans().filter((span) => span.name === name);
  }

  /** Every instrument that was used, by name. */
  async metrics(): Promise<ReadonlyMap<string, MetricData>> {
    await this.#meters.forceFlush();
    const collected = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
    return new Map(collected.map((metric) => [metric.descriptor.name, metric]));
  }

  /** All that would leave the process. */
  async exported(): Promise<string> {
    const spans = this.#spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
    return JSON.stringify([spans, [...(await this.metrics()).values()]]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    context.disable();
    await this.#meters.shutdown();
  }
}
