/** What crosses the desk's WebSocket at `/api/socket`, both ways. Every state is whole, so applying one twice changes nothing. */
import type { InboxRow, OfferCard, ThreadItem, ViewCounts } from './api/interactions.ts'
import type { PresenceState } from './api/session.ts'
import type { Popup } from './api/triggers.ts'

/**
 * Client to server.
 * `hello` opens or resumes: `cursor` is the last one received (null at first), `sight` what came with it,
 * `threads` the seq each shown thread has reached.
 * `watch` says whether the page shows how agents stand; then `changed: agents` tells when to fetch them again.
 * `open`/`close` say which threads are shown; `viewing` and `typing` are told to colleagues and kept nowhere. `ping` is answered by `pong`:
 * a browser does not see the server's own pings, and a socket can be dead long before it closes.
 */
export type ClientMessage =
  | { type: 'hello'; cursor: string | null; sight: string | null; threads: Record<string, number> }
  | { type: 'open'; interactionId: number; seq: number }
  | { type: 'close'; interactionId: number }
  | { type: 'typing'; interactionId: number }
  | { type: 'watch'; agents: boolean }
  | { type: 'ping' }

/**
 * Server to client.
 * `synced` answers `hello`: `current` (nothing missed), `delta` (what was missed has been sent before it) or `reset` (fetch anew what
 * is on screen). It comes again as `reset` when the accounts change that the user may see; `sight` is a word for which they are, and who
 * returns with another one is told to fetch. `interactions` holds whole rows that replace older ones of a lower seq; `gone` are ids, and `goneAccounts`
 * the accounts of rows, that may no longer be seen.
 * `popups` are all that triggers show the user now.
 * `typing` says that the customer is at it: it holds for some seconds.
 * `thread` continues a shown thread: items with seq above the client's own, without gaps; a client that sees a gap fetches.
 */
export type ServerMessage =
  | { type: 'synced'; mode: 'current' | 'delta' | 'reset'; cursor: string; sight: string; version: string }
  | { type: 'interactions'; rows: InboxRow[]; gone: number[]; goneAccounts: number[]; cursor: string }
  | { type: 'thread'; interactionId: number; items: ThreadItem[]; seq: number }
  | { type: 'offers'; offers: OfferCard[]; ended: { id: number; state: string; by: string | null }[] }
  | { type: 'popups'; popups: Popup[] }
  | { type: 'presence'; presence: PresenceState }
  | { type: 'counts'; counts: ViewCounts }
  | { type: 'viewers'; interactionId: number; users: { id: number; fullname: string; typing: boolean }[] }
  | { type: 'typing'; interactionId: number }
  | { type: 'echo'; accountId: number; echoId: number }
  | {
      type: 'changed'
      what:
        | 'accounts'
        | 'queues'
        | 'intervals'
        | 'users'
        | 'teams'
        | 'tags'
        | 'lists'
        | 'dispositions'
        | 'triggers'
        | 'pauses'
        | 'agents'
        | 'relays'
        | 'me'
    }
  | { type: 'pong' }
  | { type: 'end'; reason: 'signed-out' | 'disabled' | 'behind' | 'stopping' }

/** Close codes of the socket beyond the standard ones. */
export const closeCodes = { signedOut: 4001, behind: 4002, badMessage: 4003 } as const
