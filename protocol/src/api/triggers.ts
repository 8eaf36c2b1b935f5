/** Triggers: what happens besides the account's actions when a message comes in or goes out, and the pop-ups that they show. */
import { type Static, Type } from 'typebox'
import { AsRead, endpoint, Id, IdParams, Ids, Instant, ListOf, Name, Nothing, Nullable } from '../endpoint.ts'
import { Conditions, RequestHeader } from './actions.ts'

const manager = { may: 'triggers.manage', scopes: ['admin'] } as const

const exactly = { additionalProperties: false } as const
const Address = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'http or https. Variables are written as an address wants them.',
})

export const triggerActions = {
  popup: Type.Object(
    {
      type: Type.Literal('popup'),
      title: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
      text: Type.String({ maxLength: 2000 }),
    },
    exactly,
  ),
  'open-url': Type.Object({ type: Type.Literal('open-url'), url: Address }, exactly),
  'web-request': Type.Object(
    {
      type: Type.Literal('web-request'),
      method: Type.Union([
        Type.Literal('GET'),
        Type.Literal('POST'),
        Type.Literal('PUT'),
        Type.Literal('PATCH'),
        Type.Literal('DELETE'),
      ]),
      url: Address,
      headers: Type.Optional(Type.Array(RequestHeader, { maxItems: 20 })),
      body: Type.Optional(
        Type.String({
          maxLength: 20_000,
          description:
            'Where it is JSON, variables are written as a JSON string wants them. Empty: the message as JSON.',
        }),
      ),
    },
    exactly,
  ),
  tag: Type.Object(
    { type: Type.Literal('tag'), tagIds: Type.Array(Id, { minItems: 1, maxItems: 20, uniqueItems: true }) },
    exactly,
  ),
  queue: Type.Object({ type: Type.Literal('queue'), queueId: Id }, exactly),
} as const
export type TriggerActionType = keyof typeof triggerActions
export const triggerActionTypes = Object.keys(triggerActions) as readonly TriggerActionType[]

export const TriggerAction = Type.Union([
  triggerActions.popup,
  triggerActions['open-url'],
  triggerActions['web-request'],
  triggerActions.tag,
  triggerActions.queue,
])
export type TriggerAction = Static<typeof TriggerAction>

export const TriggerDirection = Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('both')])
export type TriggerDirection = Static<typeof TriggerDirection>

const settings = {
  direction: TriggerDirection,
  accountIds: Nullable(
    Type.Array(Id, { minItems: 1, maxItems: 1000, uniqueItems: true, description: 'null: every account.' }),
  ),
  intervalId: Nullable(Id),
  conditions: Conditions,
}
// Each action is checked by the handler, which names the one at fault.
const ActionsInput = Type.Array(Type.Unsafe<TriggerAction>(Type.Unknown({ description: 'An action.' })), {
  minItems: 1,
  maxItems: 10,
})

export const Trigger = Type.Object({
  id: Id,
  name: Type.String(),
  position: Type.Integer(),
  enabled: Type.Boolean(),
  ...settings,
  actions: Type.Array(TriggerAction),
  always: Type.Boolean({ description: 'It has no condition: every message fires it.' }),
  fired: Type.Integer({ description: 'How many messages fired it so far.' }),
  lastFiredAt: Nullable(Instant),
  version: Type.Integer(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Trigger = Static<typeof Trigger>

/** What an agent is shown of an interaction that he has. */
export const Popup = Type.Object({
  id: Id,
  interactionId: Id,
  contact: Type.Object({ id: Id, name: Type.String() }),
  title: Type.String(),
  text: Type.String(),
  url: Nullable(Type.String({ description: 'What it offers to open.' })),
  createdAt: Instant,
})
export type Popup = Static<typeof Popup>

const TriedCondition = Type.Object({ value: Type.String(), holds: Type.Boolean() })

export const triggersApi = {
  'GET /api/openchannel/triggers': endpoint({
    summary: 'Triggers, in the order in which they are looked at',
    tag: 'Triggers',
    access: manager,
    response: { 200: ListOf(Trigger) },
  }),
  'GET /api/openchannel/triggers/:id': endpoint({
    summary: 'A trigger',
    tag: 'Triggers',
    access: manager,
    params: IdParams,
    response: { 200: Trigger },
  }),
  'POST /api/openchannel/triggers': endpoint({
    summary: 'Make a trigger, as the last one',
    tag: 'Triggers',
    access: manager,
    body: Type.Object({
      name: Name,
      enabled: Type.Optional(Type.Boolean()),
      direction: Type.Optional(settings.direction),
      accountIds: Type.Optional(settings.accountIds),
      intervalId: Type.Optional(settings.intervalId),
      conditions: Type.Optional(settings.conditions),
      actions: ActionsInput,
    }),
    response: { 201: Trigger },
    refusals: ['GE-102', 'TR-101'],
  }),
  'PATCH /api/openchannel/triggers/:id': endpoint({
    summary: 'Change a trigger, or switch it on and off',
    tag: 'Triggers',
    access: manager,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      enabled: Type.Optional(Type.Boolean()),
      version: AsRead,
      direction: Type.Optional(settings.direction),
      accountIds: Type.Optional(settings.accountIds),
      intervalId: Type.Optional(settings.intervalId),
      conditions: Type.Optional(settings.conditions),
      actions: Type.Optional(ActionsInput),
    }),
    response: { 200: Trigger },
    refusals: ['GE-102', 'GE-104', 'TR-101'],
  }),
  'DELETE /api/openchannel/triggers/:id': endpoint({
    summary: 'Delete a trigger; pop-ups that it has shown go with it',
    tag: 'Triggers',
    access: manager,
    params: IdParams,
    response: { 204: Nothing },
  }),
  'PUT /api/openchannel/triggers/order': endpoint({
    summary: 'Put the triggers into another order: all their ids',
    tag: 'Triggers',
    access: manager,
    body: Ids,
    response: { 200: ListOf(Trigger) },
    refusals: ['GE-104'],
  }),
  'POST /api/openchannel/triggers/try': endpoint({
    summary: 'Whether a trigger, saved or not, would fire for a sample message, and why',
    tag: 'Triggers',
    access: manager,
    body: Type.Object({
      direction: settings.direction,
      accountIds: settings.accountIds,
      intervalId: settings.intervalId,
      conditions: settings.conditions,
      sample: Type.Object({
        accountId: Id,
        direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
        body: Type.String({ maxLength: 65_536 }),
        from: Type.Optional(
          Type.String({
            maxLength: 500,
            description: 'Who writes, as the map key of the account knows them.',
          }),
        ),
      }),
    }),
    response: {
      200: Type.Object({
        fires: Type.Boolean(),
        direction: Type.Boolean({ description: 'It looks at messages of this direction.' }),
        account: Type.Boolean({ description: 'It looks at messages of this account.' }),
        interval: Type.Boolean({ description: 'Its interval is open now.' }),
        all: Type.Array(TriedCondition),
        any: Type.Array(TriedCondition),
      }),
    },
  }),
  'GET /api/openchannel/popups': endpoint({
    summary: 'What triggers show the caller now, of the interactions that he has',
    tag: 'Triggers',
    access: { may: 'openchannel', scopes: ['interactions:read'] },
    response: { 200: ListOf(Popup) },
  }),
  'DELETE /api/openchannel/popups/:id': endpoint({
    summary: 'Put a pop-up away, on every desk of the caller',
    tag: 'Triggers',
    access: { may: 'openchannel.answer', scopes: ['interactions:write'] },
    params: IdParams,
    response: { 204: Nothing },
  }),
}
