/** What a channel tells, in words that hold for every channel: made from a webhook, kept in a lane, told to the contact centre. */

export interface FileLink {
  url: string
  /** As the channel names its kind: image, audio, video, file. */
  kind: string
}

interface About {
  /** Unique per page: what comes again under it is the same event. */
  key: string
  pageId: string
  /** Order is kept within one. */
  conversation: string
  /** When it happened, ISO 8601. */
  at: string
  /** The customer; null where the channel does not say it and the message tells. */
  person: string | null
  /** Of a post; without one it is a direct conversation. */
  threadId?: string
}

export interface MessageEvent extends About {
  type: 'message'
  messageId: string
  body: string
  files: FileLink[]
  /** Of whoever wrote it, where the channel says it at once. */
  personName?: string
  externalUrl?: string
  /** The body only says what can be seen elsewhere. */
  isWordless?: true
  /** The message that it answers. */
  quotes?: string
  /** Of a comment: where an answer belongs. Of a post: absent, since an answer is a comment on it. */
  answerTo?: string
}

export interface EchoEvent extends About {
  type: 'echo'
  messageId: string
  body: string
  files: FileLink[]
  /** What our own sending had put there. */
  metadata?: string
  appId?: string
}

export interface ReceiptEvent extends About {
  type: 'delivered' | 'read'
  messageIds: string[]
  /** Everything sent until then; null: only the messages named. */
  until: string | null
  /** And what was sent before those named. */
  isUpTo?: true
}

export type ChannelEvent =
  | MessageEvent
  | EchoEvent
  | ReceiptEvent
  | (About & { type: 'edited'; messageId: string; body: string })
  | (About & { type: 'deleted'; messageId: string })
  | (About & { type: 'reacted'; messageId: string; action: 'react' | 'unreact'; emoji: string })
  /** The customer did something that lets us answer, without a word. */
  | (About & { type: 'window' })
