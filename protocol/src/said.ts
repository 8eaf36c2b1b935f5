/** What a step of a flow did, for whoever says it in another language than English. */
import { Type } from 'typebox'

const codes = [
  'too-many-steps',
  'too-many-calls',
  'outside-interval',
  'queue-gone',
  'waits-in-queue',
  'agent-gone',
  'rings-agent',
  'nobody-came',
  'holds',
  'holds-not',
  'jumps',
  'does-nothing',
  'line',
  'wrote-before',
  'answered-before',
  'cannot-answer',
  'empty-text',
  'answers',
  'closes',
  'closes-without',
  'tags-gone',
  'tags',
  'asks-bot',
  'would-ask-bot',
  'bot-fault',
  'bot-status',
  'bot-long',
  'bot-unusable',
  'bot-says',
  'bot-sends-on',
  'bot-hands-over',
  'bot-waits',
  'customer-silent',
  'too-late',
  'step-gone',
  'sends-request',
  'would-send-request',
  'request-fault',
  'request-answered',
] as const

export const Said = Type.Object(
  {
    code: Type.Enum([...codes]),
    name: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    count: Type.Optional(Type.Integer()),
    seconds: Type.Optional(Type.Integer()),
    why: Type.Optional(
      Type.Enum(['no-reply-url', 'window-over'], { description: 'Why nothing could be sent.' }),
    ),
    waits: Type.Optional(Type.Boolean({ description: 'For what the customer writes next.' })),
  },
  { description: 'The same as `words`, for whoever says it in another language.' },
)
export interface Said {
  code: (typeof codes)[number]
  name?: string
  text?: string
  count?: number
  seconds?: number
  why?: 'no-reply-url' | 'window-over'
  waits?: boolean
}
