/** The wire between a flow and a bot: what is posted to it, and what it may answer. docs/bots.md shows both. */
import { type Static, Type } from 'typebox'
import { StepId } from './api/actions.ts'
import { Id, Instant, Nullable } from './endpoint.ts'

export const BotCall = Type.Object({
  type: Type.Literal('bot.message'),
  timestamp: Instant,
  data: Type.Object({
    /** The step that asks. */
    step: StepId,
    account: Type.Object({ id: Id, uid: Type.String(), name: Type.String() }),
    interaction: Type.Object({
      id: Id,
      to: Nullable(Type.String()),
      threadId: Nullable(Type.String()),
      externalUrl: Nullable(Type.String()),
      subject: Nullable(Type.String()),
      createdAt: Instant,
    }),
    /** In the names of the wire, `cf_<id>` included. */
    contact: Type.Record(Type.String(), Type.Unknown()),
    /** The customer's newest; null where an interaction began without one. */
    message: Nullable(
      Type.Object({
        id: Id,
        body: Type.String(),
        attachmentName: Nullable(Type.String()),
        createdAt: Instant,
      }),
    ),
    /** What the flow has set, `vars.` left out. */
    variables: Type.Record(Type.String(), Type.String()),
  }),
})
export type BotCall = Static<typeof BotCall>

const Value = Type.Union([Type.String({ maxLength: 4000 }), Type.Number(), Type.Boolean()])

export const BotAnswer = Type.Object(
  {
    replies: Type.Optional(Type.Array(Type.String({ maxLength: 16_000, pattern: '\\S' }), { maxItems: 10 })),
    variables: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' }), Value, {
        maxProperties: 50,
        additionalProperties: false,
      }),
    ),
    /** Left out: `hand-over`. */
    next: Type.Optional(
      Type.Union([Type.Literal('hand-over'), Type.Literal('keep-talking'), Type.Literal('go-to')]),
    ),
    /** With `go-to`: where the flow goes on; null ends it. */
    step: Type.Optional(Nullable(StepId)),
  },
  { additionalProperties: false },
)
export type BotAnswer = Static<typeof BotAnswer>
