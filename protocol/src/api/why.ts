/** Why an interaction waits, is offered or came to whom it came: what routing knows of it. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, Nullable } from '../endpoint.ts'

const Person = Type.Object({ id: Id, fullname: Type.String() })

export const MemberState = Type.Union([
  Type.Literal('free'),
  Type.Literal('asked'),
  Type.Literal('full'),
  Type.Literal('paused'),
  Type.Literal('wrap-up'),
  Type.Literal('not-answering'),
  Type.Literal('offline'),
  Type.Literal('declined'),
  Type.Literal('lacks-skill'),
  Type.Literal('no-access'),
])
export type MemberState = Static<typeof MemberState>

export const Asked = Type.Object({
  user: Person,
  at: Instant,
  outcome: Type.Union([
    Type.Literal('open'),
    Type.Literal('accepted'),
    Type.Literal('declined'),
    Type.Literal('timeout'),
    Type.Literal('taken'),
    Type.Literal('withdrawn'),
  ]),
  reason: Nullable(
    Type.String({
      description:
        'Of `declined` in the words of the agent; of `withdrawn` one of away, full, removed, step, transferred, closed.',
    }),
  ),
  endedAt: Nullable(Instant),
})
export type Asked = Static<typeof Asked>

export const Why = Type.Object({
  state: Type.Union([
    Type.Literal('new'),
    Type.Literal('queued'),
    Type.Literal('offered'),
    Type.Literal('assigned'),
    Type.Literal('closed'),
  ]),
  waits: Nullable(
    Type.Object({
      for: Type.Union([Type.Literal('queue'), Type.Literal('agent'), Type.Literal('team')]),
      id: Id,
      name: Type.String(),
      strategy: Nullable(Type.String()),
      since: Instant,
      until: Nullable(Instant),
      place: Type.Integer({
        description: '1: next. Among those of the accounts that the caller may see, by the time of entry.',
      }),
      inLine: Type.Integer(),
      isOfAll: Type.Boolean({
        description: 'The caller sees all accounts, so the place is that of routing.',
      }),
      skills: Type.Array(Type.Object({ name: Type.String(), level: Type.Integer() }), {
        description: 'What is asked for now.',
      }),
      relaxesAt: Nullable(Instant),
      members: Type.Array(Type.Object({ state: MemberState, count: Type.Integer() }), {
        description: 'How many agents of the target stand how; each is counted once.',
      }),
    }),
  ),
  asked: Type.Array(Asked, { description: 'The last who were asked, newest first.' }),
  came: Nullable(
    Type.Object(
      {
        how: Type.Union([
          Type.Literal('accepted'),
          Type.Literal('taken'),
          Type.Literal('assigned'),
          Type.Literal('transferred'),
        ]),
        user: Person,
        by: Nullable(Person),
        from: Nullable(Type.String({ description: 'The queue or team whose offer was accepted.' })),
        strategy: Nullable(Type.String()),
        at: Instant,
      },
      { description: 'How it came to the agent who has it.' },
    ),
  ),
})
export type Why = Static<typeof Why>

export const whyApi = {
  'GET /api/openchannel/interactions/:id/why': endpoint({
    summary: 'Why an interaction waits, or came to its agent',
    tag: 'Interactions',
    access: { may: 'openchannel', scopes: ['interactions:read'] },
    params: IdParams,
    response: { 200: Why },
  }),
}
