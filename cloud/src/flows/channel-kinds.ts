/** The kinds of channels that there are: whatever is done for any of them finds its way from here. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { ChannelKind } from '../channels/channel-kind.ts'
import { facebook } from '../facebook/facebook.ts'
import { instagram } from '../instagram/instagram.ts'

const kinds: Readonly<Record<Integration['kind'], ChannelKind>> = { facebook, instagram }

export function channelOf(kind: Integration['kind']): ChannelKind {
  return kinds[kind]
}

/** Whose webhooks name this object. */
export function channelOfObject(object: unknown): ChannelKind | undefined {
  return Object.values(kinds).find(({ webhookObject }) => webhookObject === object)
}
