/** What a channel is given to look for what its webhooks did not bring, and what it found. */
import type { Graph } from '../graph/graph.ts'
import type { ChannelEvent } from './channel-event.ts'

export interface Missed {
  events: ChannelEvent[]
  /** What could not be read, as sentences for whoever made the integration. */
  gaps: string[]
}

/** What is connected, where Meta is asked about it, and what is known of it. */
export interface Asking {
  graph: Pick<Graph, 'get' | 'walk'>
  pageId: string
  /** Of the page by whose token it is asked. */
  nodeId: string
  token: string
  since: Date
  /** Of an event, by its key. */
  isTold(key: string): Promise<boolean>
  /** Newest first; without what was removed. */
  toldInPublic(most: number): Promise<Told[]>
  /** No permission is missing that would hide things. */
  maySee(): Promise<boolean>
}

/** A post or a comment, with a digest of the words that the contact centre knows: SHA-256 in hexadecimal. */
export interface Told {
  id: string
  person: string
  threadId: string
  conversation: string
  digest: string
}
