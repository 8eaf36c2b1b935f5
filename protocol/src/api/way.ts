/** How far a message has come that a channel brought: what a channel may show to whoever tries it out. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, Instant, Nullable } from '../endpoint.ts'

export const WayStep = Type.Object({
  step: Type.Union([
    Type.Literal('opened'),
    Type.Literal('reopened'),
    Type.Literal('stored'),
    Type.Literal('actions'),
    Type.Literal('queued'),
    Type.Literal('offered'),
    Type.Literal('assigned'),
    Type.Literal('answered'),
    Type.Literal('closed'),
  ]),
  at: Instant,
  queue: Nullable(Type.String({ description: 'Of `queued`: its name, when it waits in one.' })),
  count: Nullable(Type.Integer({ description: 'Of `actions`: how many steps ran.' })),
})
export type WayStep = Static<typeof WayStep>

export const wayApi = {
  'GET /api/openchannel/accounts/:id/messages/:messageId/way': endpoint({
    summary: 'How far a message that a channel brought has come: stored, routed, answered',
    description:
      'For a channel, with the key by which it asks for the secret of the account. Instants and names of queues, no texts and no people: at most 40 steps of the interaction since the message came.',
    tag: 'Delivery log',
    access: { may: 'accounts.secrets', scopes: ['accounts:secret', 'admin'] },
    params: Type.Object({ id: Id, messageId: Id }),
    response: { 200: Type.Object({ interactionId: Id, steps: Type.Array(WayStep) }) },
  }),
}
