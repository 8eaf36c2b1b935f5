// The program's numbers for Prometheus: a registry with the process's own figures in it.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  registry: Registry
  contentType: string
  /** What `GET /metrics` answers. */
  text(): Promise<string>
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>
  /** `read` is asked when the numbers are collected. */
  gauge(name: string, help: string, read: () => number | Promise<number>): Gauge
  /** `buckets` in the unit that the name says, seconds for times. */
  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly L[],
  ): Histogram<L>
}

export function createMetrics(prefix = 'patchbay_'): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (name, help, labels = []) =>
      new Counter({ name: prefix + name, help, labelNames: [...labels], registers }),
    gauge: (name, help, read) =>
      new Gauge({
        name: prefix + name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name: prefix + name, help, buckets: [...buckets], labelNames: [...labels], registers }),
  }
}

/** From half a millisecond to ten seconds. */
export const timeBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
