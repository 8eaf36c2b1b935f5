/**
 * Keeps a link to every relay that this server knows, from each of its nodes, and each relay's knowledge of what leads here: at once when
 * an account or a key changes, and by a slow look for whatever was not rung.
 */
import { Agent } from 'node:http'
import type { Http } from '@patchbay/kit/http.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'
import type { Registration } from '@patchbay/protocol/relay.ts'
import type { Context } from '../../context.ts'
import type { Target } from '../../relays/answer.ts'
import { type Link, type LinkState, openLink, type Waits } from '../../relays/link.ts'
import { listRelays, type RelayRow } from '../../relays/relays.ts'
import { readRelayed } from '../../views/relayed.ts'
import { activateByEnvironment } from './activate.ts'
import { createRelayCalls } from './relay-calls.ts'

export interface Links {
  /** Starts to dial; call it when the server listens. */
  start(http: Http): void
  /** Looks again which relays there are, and tells each anew what leads here; resolves when links are being opened or closed. */
  refresh(): Promise<void>
  stateOf(relayId: number): LinkState & { refused: number }
  /**
   * Where programs outside reach this server, with everything told to the relay that leads here: the address of a relay, or PUBLIC_URL
   * where there is none. Throws RL-108.
   */
  findWayIn(): Promise<string>
  stop(): Promise<void>
}

interface Kept {
  row: RelayRow
  link: Link
  /** What this relay was told last. */
  told: string
  refused: number
  error: string | null
}

const POLL_MS = 5_000
const SETTLE_MS = 200
const SOCKETS = 256

export function createRelayLinks(ctx: Context, options: { pollMs?: number; waits?: Waits } = {}): Links {
  const { db, log, sealingKey, config } = ctx
  const calls = createRelayCalls(ctx.door)
  const kept = new Map<number, Kept>()
  let rows: RelayRow[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS })
  let target: Target | undefined
  let isStopped = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let poll: NodeJS.Timeout | undefined

  // One that is connected, since links through it work now; else the first, to which the link comes back.
  const wayIn = (): string | undefined =>
    (rows.find(({ id }) => kept.get(id)?.link.state().state === 'connected') ?? rows[0])?.url

  async function look(): Promise<void> {
    if (isStopped || !target) return
    await activateByEnvironment(ctx, calls)
    rows = await listRelays(db, sealingKey)
    ctx.wayIn.relay = wayIn
    await Promise.all(
      [...kept].filter(([id]) => !rows.some((row) => row.id === id)).map(([id, { link }]) => drop(id, link)),
    )
    for (const row of rows) if (!kept.has(row.id)) keep(row, target)
    if (kept.size === 0) return
    const registration = { name: new URL(config.publicUrl).host, ...(await readRelayed(db)) }
    await Promise.all([...kept.values()].map((one) => tell(one, registration)))
  }

  const drop = (id: number, link: Link): Promise<void> => {
    kept.delete(id)
    return link.close()
  }

  const keep = (row: RelayRow, where: Target): void => {
    const one: Kept = { row, told: '', refused: 0, error: null, link: undefined as unknown as Link }
    one.link = openLink({
      url: row.url,
      key: row.key,
      door: ctx.door,
      log,
      target: where,
      // A relay that came back may have lost what it was told.
      onConnected: () => {
        one.told = ''
        lookSoon()
      },
      ...(options.waits && { waits: options.waits }),
    })
    kept.set(row.id, one)
  }

  async function tell(one: Kept, registration: Registration): Promise<void> {
    const text = JSON.stringify(registration)
    if (one.told === text || one.link.state().state === 'refused') return
    try {
      one.refused = await calls.register(one.row.url, one.row.key, registration)
      one.told = text
      one.error = null
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      one.error = error.detail
    }
  }

  const lookAgain = (): Promise<void> => {
    const next = running.catch(() => {}).then(look)
    running = next.catch((error) => {
      if (!isStopped) log.warn({ err: error }, 'the links to relays could not be looked after')
    })
    return next
  }
  const lookSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      lookAgain().catch(() => {})
    }, SETTLE_MS)
  }
  const stateOf: Links['stateOf'] = (relayId) => {
    const one = kept.get(relayId)
    if (!one) return { state: 'connecting', since: new Date(), error: null, refused: 0 }
    const state = one.link.state()
    return { ...state, error: state.error ?? one.error, refused: one.refused }
  }
  const unlisten = ctx.push.onRing(({ changed, rights, look: lost }) => {
    if (lost || changed.has('accounts') || changed.has('relays') || (kept.size > 0 && rights.size > 0))
      lookSoon()
  })

  return {
    start(http) {
      const address = http.server.address()
      if (typeof address !== 'object' || address === null) return
      const host = address.address === '0.0.0.0' || address.address === '::' ? '127.0.0.1' : address.address
      target = { host, port: address.port, agent }
      lookSoon()
      poll = setInterval(lookSoon, options.pollMs ?? POLL_MS)
    },
    refresh() {
      for (const one of kept.values()) one.told = ''
      return lookAgain()
    },
    async findWayIn() {
      await lookAgain()
      if (rows.length === 0) return config.publicUrl
      const states = rows.map(({ id, url }) => ({ url, ...stateOf(id) }))
      const open = states.find(({ state, error }) => state === 'connected' && error === null)
      if (open) return open.url
      const [first] = states
      throw new Refusal('RL-108', first && `${first.url}: ${first.error ?? 'no connection yet.'}`)
    },
    stateOf,
    async stop() {
      isStopped = true
      unlisten()
      clearTimeout(timer)
      clearInterval(poll)
      await running
      await Promise.all([...kept.values()].map(({ link }) => link.close()))
      agent.destroy()
    },
  }
}
