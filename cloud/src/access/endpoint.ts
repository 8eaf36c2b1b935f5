/** What a handler of an endpoint is given and must answer. An endpoint without a handler does not compile. */
import type { Call as KitCall } from '@patchbay/kit/serve.ts'
import type { Answer, Endpoint } from '@patchbay/protocol/endpoint.ts'

export interface Caller {
  readonly user: { readonly id: number; readonly email: string; readonly locale: 'en' | 'it' }
  readonly sessionId: number
  readonly address: string
}

/** `caller` is null only where the endpoint's access is `public` and nobody is signed in. */
export type Call<E extends Endpoint> = KitCall<E, E['access'] extends 'public' ? Caller | null : Caller>

/** Answers the body; a status other than the lowest of the endpoint's is set on `reply`. */
export type Handlers<Table extends Record<string, Endpoint>> = {
  readonly [K in keyof Table]: (call: Call<Table[K]>) => Promise<Answer<Table[K]>>
}
