/** The steps of one call to a service. */
import { Type } from 'typebox'
import { Nullable } from '../endpoint.ts'

/** In milliseconds; null where a step was not needed, as on a kept connection, or not reached. */
export const Timing = Type.Object({
  dnsMs: Nullable(Type.Number()),
  connectMs: Nullable(Type.Number()),
  tlsMs: Nullable(Type.Number()),
  firstByteMs: Nullable(Type.Number()),
})
