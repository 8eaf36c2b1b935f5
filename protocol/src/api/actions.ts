/** The actions flow of an account: its steps, their conditions and variables, trying them, and the log of what ran. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, ListOf, Nullable } from '../endpoint.ts'
import { contactFields } from '../open-channel.ts'
import { Said } from '../said.ts'

export const StepId = Type.String({
  pattern: '^[a-z0-9-]{1,40}$',
  description: 'Unique in the flow: letters a to z, digits and hyphens, at most 40.',
})

/** The names that a flow may read, without the braces. `contact.cf_<id>` and `vars.<name>` stand beside them. */
export const flowVariables = [
  'contact.id',
  ...contactFields.map((field) => `contact.${field}` as const),
  'list.id',
  'list.name',
  'account.id',
  'account.uid',
  'account.name',
  'account.description',
  'interaction.id',
  'interaction.threadId',
  'interaction.to',
  'interaction.externalUrl',
  'interaction.subject',
  'interaction.createdAt',
  'interaction.tags',
  'message.id',
  'message.body',
  'message.createdAt',
  'message.attachmentName',
] as const
export type FlowVariable = (typeof flowVariables)[number]

export const conditionOperators = ['equals', 'not-equals', 'contains', 'not-contains'] as const
export type ConditionOperator = (typeof conditionOperators)[number]

export const Condition = Type.Object(
  {
    variable: Type.String({
      minLength: 1,
      maxLength: 120,
      description: 'As `contact.city`, without braces.',
    }),
    operator: Type.Unsafe<ConditionOperator>(
      Type.Union(conditionOperators.map((operator) => Type.Literal(operator))),
    ),
    value: Type.String({ maxLength: 1000 }),
  },
  { additionalProperties: false },
)
export type Condition = Static<typeof Condition>

/** Every condition of `all` holds, and one of `any` when there is one. Texts are compared trimmed and without regard to case. */
export const Conditions = Type.Object(
  {
    all: Type.Array(Condition, { maxItems: 20 }),
    any: Type.Array(Condition, { maxItems: 20 }),
  },
  { additionalProperties: false },
)
export type Conditions = Static<typeof Conditions>

const WaitTimeout = Type.Optional(
  Nullable(Type.Integer({ minimum: 1, maximum: 86_400, description: 'null: until somebody accepts.' })),
)
const Jump = Nullable(StepId)
const Url = Type.String({ minLength: 1, maxLength: 2000 })
const Text = Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S' })

/** A header of a web request. One that is `secret` is sealed and shown with `value: null`; null sent back keeps what is stored. */
export const RequestHeader = Type.Object(
  {
    name: Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }),
    value: Nullable(Type.String({ maxLength: 4000 })),
    secret: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type RequestHeader = Static<typeof RequestHeader>

const ownSecret =
  'Signs in the place of the account secret: `whsec_` and base64. Shown as null; null sent back keeps it, leaving it out removes it.'
const keptIn = 'Read as `vars.<name>`; `vars.<name>.status` and the scalars of a JSON object stand under it.'

const step = {
  id: StepId,
  /** null: always; outside it the step is passed over. */
  intervalId: Type.Optional(Nullable(Id)),
  label: Type.Optional(Type.String({ maxLength: 100 })),
}
const strict = { additionalProperties: false } as const

/** Every type of step by its name. */
export const steps = {
  queue: Type.Object(
    { ...step, type: Type.Literal('queue'), queueId: Id, timeoutSeconds: WaitTimeout },
    strict,
  ),
  agent: Type.Object(
    { ...step, type: Type.Literal('agent'), userId: Id, timeoutSeconds: WaitTimeout },
    strict,
  ),
  'auto-reply': Type.Object(
    {
      ...step,
      type: Type.Literal('auto-reply'),
      text: Text,
      when: Type.Union([Type.Literal('once'), Type.Literal('always'), Type.Literal('first')], {
        description:
          '`once` per interaction; `always` when the step is reached; `first`: only in the first interaction of the contact at this account, once.',
      }),
    },
    strict,
  ),
  close: Type.Object(
    { ...step, type: Type.Literal('close'), dispositionId: Type.Optional(Nullable(Id)) },
    strict,
  ),
  'go-to-if': Type.Object(
    { ...step, type: Type.Literal('go-to-if'), conditions: Conditions, then: Jump, else: Jump },
    strict,
  ),
  'go-to': Type.Object({ ...step, type: Type.Literal('go-to'), to: Jump }, strict),
  tag: Type.Object(
    {
      ...step,
      type: Type.Literal('tag'),
      tagIds: Type.Array(Id, { minItems: 1, maxItems: 50, uniqueItems: true }),
    },
    strict,
  ),
  noop: Type.Object({ ...step, type: Type.Literal('noop'), text: Type.String({ maxLength: 1000 }) }, strict),
  bot: Type.Object(
    {
      ...step,
      type: Type.Literal('bot'),
      url: Url,
      secret: Type.Optional(Nullable(Type.String({ maxLength: 200, description: ownSecret }))),
      timeoutSeconds: Type.Integer({
        minimum: 1,
        maximum: 86_400,
        description: 'How long the bot may take to answer (10 at most), and the customer to write again.',
      }),
      onTimeout: Type.Optional(Nullable(Type.String({ ...StepId, description: 'null: the next step.' }))),
    },
    strict,
  ),
  'web-request': Type.Object(
    {
      ...step,
      type: Type.Literal('web-request'),
      method: Type.Union([
        Type.Literal('GET'),
        Type.Literal('POST'),
        Type.Literal('PUT'),
        Type.Literal('PATCH'),
        Type.Literal('DELETE'),
      ]),
      url: Url,
      headers: Type.Optional(Type.Array(RequestHeader, { maxItems: 20 })),
      body: Type.Optional(Type.String({ maxLength: 16_000 })),
      variable: Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$', description: keptIn }),
      timeoutSeconds: Type.Integer({ minimum: 1, maximum: 30 }),
    },
    strict,
  ),
}
export type ActionType = keyof typeof steps
export const actionTypes = Object.keys(steps) as readonly ActionType[]

/** One step of an account's flow, as it is kept. */
export const Action = Type.Union([
  steps.queue,
  steps.agent,
  steps['auto-reply'],
  steps.close,
  steps['go-to-if'],
  steps['go-to'],
  steps.tag,
  steps.noop,
  steps.bot,
  steps['web-request'],
])
export type Action = Static<typeof Action>
export type ActionOf<T extends ActionType> = Extract<Action, { type: T }>

type WithoutId<A> = A extends { id: string } ? Omit<A, 'id'> & { id?: string } : never
/** A step as it is sent: the server gives the id that is left out. */
export type NewAction = WithoutId<Action>

/** Each step is checked by the handler, which names the one at fault. */
export const NewActions = Type.Array(
  Type.Unsafe<NewAction>(Type.Unknown({ description: 'An action; `id` may be left out.' })),
  { maxItems: 100 },
)

export const TryActions = Type.Object({
  actions: Type.Optional(NewActions),
  from: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "The sender's value, as in a message. One who is known brings his contact.",
    }),
  ),
  body: Type.String({ maxLength: 65_536 }),
  at: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Of which moment the intervals are asked. Left out: now.',
    }),
  ),
  variables: Type.Optional(
    Type.Record(Type.String({ maxLength: 120 }), Type.String({ maxLength: 4000 }), {
      maxProperties: 100,
      description: 'Take the place of what would be read, such as `contact.city` or `vars.choice`.',
    }),
  ),
  isUnanswered: Type.Optional(
    Type.Boolean({ description: 'Nobody accepts: goes on past the timeouts of queues and agents.' }),
  ),
  calls: Type.Optional(
    Type.Boolean({ description: 'Bots and web requests are really called. Left out: they are not.' }),
  ),
})
export type TryActions = Static<typeof TryActions>

export const StepOutcome = Type.Union([
  Type.Literal('ran'),
  Type.Literal('passed-over'),
  Type.Literal('would-wait'),
  Type.Literal('jumped'),
  Type.Literal('failed'),
])
export type StepOutcome = Static<typeof StepOutcome>

export const TriedStep = Type.Object({
  stepId: StepId,
  outcome: StepOutcome,
  words: Type.String({ description: 'What it does, or why it does nothing.' }),
  said: Type.Optional(Said),
  next: Nullable(Type.String({ description: 'The step that follows; null: none does.' })),
})
export type TriedStep = Static<typeof TriedStep>

/** `loop`: more steps than one run may take. */
export const TryEnd = Type.Union([
  Type.Literal('queue'),
  Type.Literal('agent'),
  Type.Literal('rest'),
  Type.Literal('closed'),
  Type.Literal('loop'),
])
export type TryEnd = Static<typeof TryEnd>

export const Tried = Type.Object({ path: Type.Array(TriedStep), end: TryEnd })
export type Tried = Static<typeof Tried>

export const RunLine = Type.Object({
  at: Instant,
  stepId: StepId,
  outcome: Type.Union([
    Type.Literal('ran'),
    Type.Literal('passed-over'),
    Type.Literal('waits'),
    Type.Literal('jumped'),
    Type.Literal('failed'),
  ]),
  words: Type.String({ description: 'What it did, or why it did nothing.' }),
  said: Type.Optional(Said),
  next: Nullable(Type.String({ description: 'The step that followed, or follows when nobody comes.' })),
})
export type RunLine = Static<typeof RunLine>

export const ActionRun = Type.Object({
  id: Id,
  startedAt: Instant,
  updatedAt: Instant,
  isWaiting: Type.Boolean({ description: 'For an agent, a bot, a web request or the customer.' }),
  lines: Type.Array(RunLine),
})
export type ActionRun = Static<typeof ActionRun>

export const actionsApi = {
  'POST /api/openchannel/accounts/:id/actions/try': endpoint({
    summary: 'What the actions would do with a message, step by step, without doing it',
    description:
      'With `actions` those are tried and checked as they would be saved. Nothing is written or sent; bots and web requests are called with `calls` alone, at most five, with a `webhook-id` that begins with `try_`. The path ends where a queue or an agent is waited for; with `isUnanswered` it goes on past those with a timeout.',
    tag: 'Accounts',
    access: { may: 'accounts.manage', scopes: ['admin'] },
    params: IdParams,
    body: TryActions,
    response: { 200: Tried },
    refusals: ['AC-102'],
  }),
  'GET /api/openchannel/interactions/:id/runs': endpoint({
    summary: 'What the actions of its account did with an interaction, step by step, newest run first',
    description:
      'A run begins when a customer writes on an interaction that is with nobody, and goes on until its last step. At most 50 runs are answered; they are kept for 90 days.',
    tag: 'Interactions',
    access: { may: 'openchannel', scopes: ['interactions:read', 'admin'] },
    params: IdParams,
    response: { 200: ListOf(ActionRun) },
  }),
}
