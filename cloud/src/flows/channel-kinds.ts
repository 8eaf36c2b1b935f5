/** The kinds of channels that there are: whatever is done for any of them finds its way from here. */
import type { ChannelKind } from '../channels/channel-kind.ts'
import { facebook } from '../facebook/facebook.ts'

const kinds = new Map([facebook].map((channel) => [channel.kind as string, channel]))

export function channelOf(kind: string): ChannelKind {
  const channel = kinds.get(kind)
  if (!channel) throw new Error(`There is no channel of the kind ${kind}.`)
  return channel
}

/** Whose webhooks name this object. */
export function channelOfObject(object: unknown): ChannelKind | undefined {
  return [...kinds.values()].find(({ webhookObject }) => webhookObject === object)
}
