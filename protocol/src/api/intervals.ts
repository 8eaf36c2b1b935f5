/** Intervals: business hours by name, in a time zone, with holidays. */
import { type Static, Type } from 'typebox'
import { AsRead, endpoint, Id, IdParams, Instant, ListOf, Name, Nothing, paging } from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'

const manager = { may: 'intervals.manage', scopes: ['admin'] } as const
const reader = {
  may: ['intervals.manage', 'accounts.manage', 'queues.manage', 'openchannel'],
  scopes: ['interactions:read', 'admin'],
} as const

const Time = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  description: 'Hours and minutes, `09:00`.',
})
const numbers = (minimum: number, maximum: number, description: string) =>
  Type.Array(Type.Integer({ minimum, maximum }), { maxItems: maximum, uniqueItems: true, description })

export const TimeRange = Type.Object(
  {
    from: Time,
    to: Type.Unsafe<string>({
      ...Time,
      description: 'Inclusive: `17:59` lasts until the clock shows 18:00. Before `from`: the next day.',
    }),
    weekDays: numbers(1, 7, 'Monday is 1. Empty: every day.'),
    monthDays: numbers(1, 31, 'Empty: every day.'),
    months: numbers(1, 12, 'Empty: every month.'),
  },
  { additionalProperties: false },
)
export type TimeRange = Static<typeof TimeRange>

export const Holiday = Type.Object(
  {
    date: Type.String({
      pattern: '^(\\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
      description: 'A day, `2026-12-24`, or one of every year, `12-25`.',
    }),
    name: Type.String({ maxLength: 100 }),
  },
  { additionalProperties: false },
)
export type Holiday = Static<typeof Holiday>

const settings = {
  timeZone: Type.String({ minLength: 1, maxLength: 60, description: 'By its IANA name, `Europe/Rome`.' }),
  always: Type.Boolean({ description: 'No range and no holiday limits it.' }),
  ranges: Type.Array(TimeRange, { maxItems: 50, description: 'It is open when any of them holds.' }),
  holidays: Type.Array(Holiday, { maxItems: 400, description: 'Days on which it is closed.' }),
}
const optionalSettings = {
  timeZone: Type.Optional(settings.timeZone),
  always: Type.Optional(settings.always),
  ranges: Type.Optional(settings.ranges),
  holidays: Type.Optional(settings.holidays),
}

export const Interval = Type.Object({
  id: Id,
  name: Type.String(),
  ...settings,
  isOpen: Type.Boolean({ description: 'At this moment.' }),
  accounts: Type.Array(Type.Object({ id: Id, name: Type.String() }), {
    description: 'Accounts whose actions name this interval.',
  }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Interval = Static<typeof Interval>

export const intervalsApi = {
  'GET /api/intervals': endpoint({
    summary: 'Intervals',
    tag: 'Intervals',
    access: reader,
    query: Type.Object({ ...paging, search: Type.Optional(Type.String({ maxLength: 200 })) }),
    response: { 200: ListOf(Interval) },
  }),
  'GET /api/intervals/:id': endpoint({
    summary: 'An interval',
    tag: 'Intervals',
    access: reader,
    params: IdParams,
    response: { 200: Interval },
  }),
  'POST /api/intervals': endpoint({
    summary: 'Make an interval',
    tag: 'Intervals',
    access: manager,
    body: Type.Object({ name: Name, ...optionalSettings, timeZone: settings.timeZone }),
    response: { 201: Interval },
    refusals: ['GE-102'],
  }),
  'PATCH /api/intervals/:id': endpoint({
    summary: 'Change an interval',
    tag: 'Intervals',
    access: manager,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      version: AsRead,
      ...optionalSettings,
    }),
    response: { 200: Interval },
    refusals: ['GE-102', 'GE-104'],
  }),
  'DELETE /api/intervals/:id': endpoint({
    summary: 'Delete an interval, or put another in its place',
    description: deleteWords,
    tag: 'Intervals',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'POST /api/intervals/check': endpoint({
    summary: 'Whether hours that are not saved yet would be open at a moment, and what a clock there shows',
    tag: 'Intervals',
    access: manager,
    body: Type.Object({ ...settings, at: Type.Optional(Instant) }),
    response: {
      200: Type.Object({
        isOpen: Type.Boolean(),
        localTime: Type.String({ description: 'Without a zone, `2026-03-29T03:30`.' }),
        holiday: Type.Union([Type.String(), Type.Null()]),
      }),
    },
  }),
}
