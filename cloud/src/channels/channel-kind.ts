/** What a channel is to everything around it: one value for each kind, made in the folder of its own and listed in `flows/channel-kinds.ts`. */
import type { FacebookStatus, Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { ChannelEvent } from './channel-event.ts'
import type { Asking, Missed } from './missed.ts'
import type { Outward, Part } from './outward.ts'
import type { Members } from './values.ts'

/** What permissions are asked for. */
export type Purpose = FacebookStatus['permissions'][number]['for']

export interface ChannelKind {
  kind: Integration['kind']
  /** As people call it. */
  name: string
  /** The `object` of its webhooks. */
  webhookObject: string
  /** Of one entry of a webhook; undefined stands for an element that nobody is told. */
  readEntry(where: Where, entry: Members): (ChannelEvent | undefined)[]
  /** Its customers as contacts of a contact centre. */
  contact: ContactKey
  profile: Profile
  /** What the person who connects it has to have allowed. */
  purposesOf(options: ChannelOptions): Purpose[]
  /** What nobody may choose on it. */
  fixedOptions?: Partial<ChannelOptions>
  /** The fields of its page to which the app has to be subscribed. */
  fieldsOf(options: ChannelOptions): string[]
  /** Fields that are asked for, too, and that Meta may not know on a page. */
  extraFields?: readonly string[]
  /** The calls by which an answer goes out, in order. Throws `Unsendable`; in public also `NotInPublic`. */
  toParts(outward: Outward): Promise<Part[]>
  /** Of an answer that the channel does not take in public; `because`: why, as a sentence for the agent where this fails, too. */
  toPrivateParts?(outward: Outward, because: string): Promise<Part[]>
  /** What happened since then, as the channel lists it. */
  readMissed(asking: Asking, options: ChannelOptions): Promise<Missed>
}

export interface Where {
  pageId: string
  /** Of the delivery, for events that do not say theirs. */
  at: Date
}

export interface ContactKey {
  /** The contact field by which customers are found. */
  mapKey: string
  toKey(person: string): string
  /** Undefined for a contact who is nobody's on this channel. */
  readPerson(contact: Members): string | undefined
}

export interface Name {
  firstName: string
  lastName: string
}

export interface Profile {
  /** To be asked for. */
  fields: string
  /** Null: the channel does not tell it. */
  read(answer: Members): Name | null
}

export interface ChannelOptions {
  messenger: boolean
  wallPosts: boolean
}
