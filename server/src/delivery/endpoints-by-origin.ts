/** Which endpoints are called at which origin, as far as deliveries have shown. */

export interface EndpointsByOrigin {
  put(endpoint: number, origin: string): void
  of(origins: Iterable<string>): number[]
}

export function groupEndpoints(): EndpointsByOrigin {
  const originOf = new Map<number, string>()
  const endpointsOf = new Map<string, Set<number>>()
  return {
    put(endpoint, origin) {
      const before = originOf.get(endpoint)
      if (before === origin) return
      originOf.set(endpoint, origin)
      const left = before === undefined ? undefined : endpointsOf.get(before)
      left?.delete(endpoint)
      if (before !== undefined && left?.size === 0) endpointsOf.delete(before)
      const endpoints = endpointsOf.get(origin) ?? new Set()
      endpointsOf.set(origin, endpoints.add(endpoint))
    },
    of: (origins) => [...origins].flatMap((origin) => [...(endpointsOf.get(origin) ?? [])]),
  }
}
