/** Contact lists, custom fields, tags and contacts. */
import { type Static, Type } from 'typebox'
import {
  AsRead,
  endpoint,
  Id,
  IdParams,
  Instant,
  ListOf,
  LongText,
  Name,
  Nothing,
  Nullable,
  paging,
} from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'

const lists = { may: 'lists.manage', scopes: ['admin'] } as const
const tags = { may: 'tags.manage', scopes: ['admin'] } as const
const reader = { may: 'contacts.read', scopes: ['contacts', 'interactions:read'] } as const
const listReader = {
  may: ['contacts.read', 'lists.manage', 'accounts.manage', 'openchannel'],
  scopes: ['contacts', 'interactions:read'],
} as const
const writer = { may: 'contacts.edit', scopes: ['contacts'] } as const

export const List = Type.Object({
  id: Id,
  name: Type.String(),
  description: Type.String(),
  contacts: Type.Integer({ description: 'How many contacts it holds, at most 10 000 are counted.' }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type List = Static<typeof List>

export const FieldType = Type.Union([
  Type.Literal('text'),
  Type.Literal('select'),
  Type.Literal('number'),
  Type.Literal('switch'),
  Type.Literal('datetime'),
  Type.Literal('url'),
])
/** Addresses that a browser opens or hands to a program for calls and mail; no script. */
const FieldLink = Type.String({
  maxLength: 1000,
  pattern: '^$|^(https?://|tel:|mailto:|sips?:).*\\{\\{value\\}\\}',
  description:
    'Where a click on the value leads: http, https, tel, mailto or sip, with `{{value}}` in it. Empty: nowhere.',
})
export const Field = Type.Object({
  id: Id,
  name: Type.String(),
  type: FieldType,
  required: Type.Boolean(),
  options: Type.Array(Type.String()),
  link: FieldLink,
  /** null: a field of every list. */
  listId: Nullable(Id),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Field = Static<typeof Field>

export const TagColor = Type.Union([
  Type.Literal('neutral'),
  Type.Literal('accent'),
  Type.Literal('ok'),
  Type.Literal('warn'),
  Type.Literal('bad'),
  Type.Literal('info'),
])
export const Tag = Type.Object({
  id: Id,
  name: Type.String(),
  color: TagColor,
  version: Type.Integer(),
  createdAt: Instant,
})
export type Tag = Static<typeof Tag>

const text = Type.Optional(Nullable(Type.String({ maxLength: 4000 })))
/** What may be written of a contact. `cf_<id>` stand beside these. */
const contactInput = {
  firstName: text,
  lastName: text,
  tags: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 })),
  street: text,
  postalCode: text,
  city: text,
  country: text,
  dateOfBirth: text,
  description: text,
  phone: text,
  mobile: text,
  fax: text,
  email: text,
  url: text,
  facebook: text,
  twitter: text,
  skype: text,
}

const stored = Nullable(Type.String())
export const Contact = Type.Object(
  {
    id: Id,
    listId: Id,
    firstName: stored,
    lastName: stored,
    tags: Type.Array(Type.String()),
    street: stored,
    postalCode: stored,
    city: stored,
    country: stored,
    dateOfBirth: stored,
    description: stored,
    phone: stored,
    mobile: stored,
    fax: stored,
    email: stored,
    url: stored,
    facebook: stored,
    twitter: stored,
    skype: stored,
    createdAt: Instant,
    updatedAt: Instant,
  },
  { additionalProperties: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]) },
)
export type Contact = Static<typeof Contact>

/** One line of a contact's history: an interaction that the caller may see. */
export const HistoryRow = Type.Object({
  id: Id,
  account: Type.Object({ id: Id, name: Type.String() }),
  state: Type.String(),
  agent: Nullable(Type.Object({ id: Id, fullname: Type.String() })),
  preview: Type.String(),
  disposition: Nullable(Type.String()),
  createdAt: Instant,
  lastMessageAt: Instant,
  closedAt: Nullable(Instant),
})
export type HistoryRow = Static<typeof HistoryRow>

const customValues = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])

export const contactsApi = {
  'GET /api/lists': endpoint({
    summary: 'Contact lists',
    tag: 'Contacts',
    access: listReader,
    query: Type.Object(paging),
    response: { 200: ListOf(List) },
  }),
  'POST /api/lists': endpoint({
    summary: 'Make a list',
    tag: 'Contacts',
    access: lists,
    body: Type.Object({ name: Name, description: Type.Optional(LongText) }),
    response: { 201: List },
  }),
  'PATCH /api/lists/:id': endpoint({
    summary: 'Change a list',
    tag: 'Contacts',
    access: lists,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      description: Type.Optional(LongText),
      version: AsRead,
    }),
    response: { 200: List },
    refusals: ['GE-104'],
  }),
  'DELETE /api/lists/:id': endpoint({
    summary: 'Delete a list, or put another in its place',
    description: `${deleteWords} Its contacts, fields and dispositions belong to the other one from now on; the last list stays.`,
    tag: 'Contacts',
    access: lists,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'GET /api/lists/:id/fields': endpoint({
    summary: 'Custom fields of a list, those of every list included',
    tag: 'Contacts',
    access: listReader,
    params: IdParams,
    response: { 200: ListOf(Field) },
  }),
  'POST /api/lists/:id/fields': endpoint({
    summary: 'Add a custom field; its wire name is cf_<id>',
    tag: 'Contacts',
    access: lists,
    params: IdParams,
    body: Type.Object({
      name: Name,
      type: Type.Optional(FieldType),
      required: Type.Optional(Type.Boolean()),
      options: Type.Optional(Type.Array(Name, { maxItems: 500 })),
      link: Type.Optional(FieldLink),
    }),
    response: { 201: Field },
  }),
  'POST /api/fields': endpoint({
    summary: 'Add a custom field to every list',
    tag: 'Contacts',
    access: lists,
    body: Type.Object({
      name: Name,
      type: Type.Optional(FieldType),
      required: Type.Optional(Type.Boolean()),
      options: Type.Optional(Type.Array(Name, { maxItems: 500 })),
      link: Type.Optional(FieldLink),
    }),
    response: { 201: Field },
  }),
  'PATCH /api/fields/:id': endpoint({
    summary: 'Change a custom field; its type stays',
    tag: 'Contacts',
    access: lists,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      required: Type.Optional(Type.Boolean()),
      options: Type.Optional(Type.Array(Name, { maxItems: 500 })),
      link: Type.Optional(FieldLink),
      version: AsRead,
    }),
    response: { 200: Field },
    refusals: ['GE-104'],
  }),
  'DELETE /api/fields/:id': endpoint({
    summary: 'Delete a custom field and its values, or put another in its place',
    description: `${deleteWords} The other one is of the same type, and for the same contacts or more; values move where it has none.`,
    tag: 'Contacts',
    access: lists,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'GET /api/tags': endpoint({
    summary: 'Tags of interactions',
    tag: 'Contacts',
    access: {
      may: ['openchannel', 'contacts.read', 'tags.manage'],
      scopes: ['contacts', 'interactions:read'],
    },
    query: Type.Object(paging),
    response: { 200: ListOf(Tag) },
  }),
  'POST /api/tags': endpoint({
    summary: 'Make a tag',
    tag: 'Contacts',
    access: { may: ['openchannel.answer', 'tags.manage'], scopes: ['interactions:write'] },
    body: Type.Object({ name: Name, color: Type.Optional(TagColor) }),
    response: { 201: Tag },
    refusals: ['GE-102'],
  }),
  'PATCH /api/tags/:id': endpoint({
    summary: 'Rename or recolour a tag',
    tag: 'Contacts',
    access: tags,
    params: IdParams,
    body: Type.Object({
      name: Type.Optional(Name),
      color: Type.Optional(TagColor),
      version: AsRead,
    }),
    response: { 200: Tag },
    refusals: ['GE-104'],
  }),
  'DELETE /api/tags/:id': endpoint({
    summary: 'Delete a tag, or put another in its place',
    description: deleteWords,
    tag: 'Contacts',
    access: tags,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'GET /api/contacts': endpoint({
    summary: 'Contacts: an agent sees those with an interaction on one of his accounts',
    tag: 'Contacts',
    access: reader,
    query: Type.Object({
      ...paging,
      listId: Type.Optional(Id),
      search: Type.Optional(
        Type.String({
          maxLength: 200,
          description: 'Matches the whole value of a field that identifies, or the start of a name.',
        }),
      ),
    }),
    response: { 200: ListOf(Contact) },
  }),
  'GET /api/contacts/:id': endpoint({
    summary: 'A contact',
    tag: 'Contacts',
    access: reader,
    params: IdParams,
    response: { 200: Contact },
  }),
  'POST /api/contacts': endpoint({
    summary: 'Make a contact',
    tag: 'Contacts',
    access: writer,
    body: Type.Object({ listId: Type.Optional(Id), ...contactInput }, { additionalProperties: customValues }),
    response: { 201: Contact },
  }),
  'PATCH /api/contacts/:id': endpoint({
    summary: 'Change a contact; null empties a field',
    tag: 'Contacts',
    access: writer,
    params: IdParams,
    body: Type.Object(contactInput, { additionalProperties: customValues }),
    response: { 200: Contact },
  }),
  'GET /api/contacts/:id/interactions': endpoint({
    summary: 'Interactions of a contact that the caller may see, newest first',
    tag: 'Contacts',
    access: { may: 'openchannel', scopes: ['contacts', 'interactions:read'] },
    params: IdParams,
    query: Type.Object(paging),
    response: { 200: ListOf(HistoryRow) },
  }),
}
