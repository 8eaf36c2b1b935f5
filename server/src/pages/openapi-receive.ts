/** The Receive URL in the OpenAPI document: its bodies are looser than a schema of the endpoint table, so it is described by hand. */
import { Accepted, contactFields } from '@patchbay/protocol/open-channel.ts'
import { problems } from '@patchbay/protocol/problem.ts'

export const text = (description: string) => ({ type: 'string', description })

const message = {
  type: 'object',
  required: ['from', 'body'],
  properties: {
    from: { type: ['string', 'number'], description: 'The customer, as the service knows him.' },
    body: text('The text. May be empty only together with an attachment.'),
    mapKey: text(
      'The contact field that `from` is compared with: one of the names below, or `cf_<id>`. Mandatory unless the account sets one.',
    ),
    AttachmentId: {
      type: ['integer', 'string', 'null'],
      description: 'The id of a file sent to POST /api/attachments.',
    },
    attachments: {
      type: 'array',
      maxItems: 10,
      items: {
        type: 'object',
        required: ['url'],
        properties: { url: text('Fetched before the answer.'), name: text('What the file is called.') },
      },
      description: 'Files by their addresses; each after the first is a message of its own.',
    },
    threadId: text('One interaction for each contact and thread.'),
    externalUrl: text('Shown to the agent.'),
    messageId: text(
      'The id of the message at the sender: sent again, it answers the first result with `duplicate: true`.',
    ),
    timestamp: {
      type: ['string', 'number'],
      description: 'When the customer wrote it: ISO 8601, or epoch in seconds or milliseconds.',
    },
    ...Object.fromEntries(contactFields.map((field) => [field, text('Fills this field of the contact.')])),
  },
  additionalProperties: true,
}

export const parameters = [
  { name: 'id', in: 'path', required: true, schema: { type: 'integer' } },
  {
    name: 'token',
    in: 'query',
    required: false,
    schema: { type: 'string' },
    description: 'The token of the account; or as a Bearer token.',
  },
]

export const refusals = Object.fromEntries(
  [
    ...Map.groupBy(
      Object.entries(problems).filter(([code]) => code.startsWith('OC-')),
      ([, { status }]) => status,
    ),
  ].map(([status, of]) => [
    status,
    {
      description: of.map(([code, { title }]) => `${code}: ${title}`).join('; '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
)

const receive = (operationId: string) => ({
  operationId,
  summary: 'A message of a customer comes in',
  description: 'Answers after it is stored. Also takes form bodies, and multipart with a `file` part.',
  tags: ['Receive URL'],
  security: [],
  parameters,
  requestBody: {
    required: true,
    content: Object.fromEntries(
      ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((type) => [
        type,
        { schema: message },
      ]),
    ),
  },
  responses: {
    200: { description: 'Stored', content: { 'application/json': { schema: Accepted } } },
    ...refusals,
  },
})

export const receivePaths = {
  '/api/openchannel/accounts/{id}/notify': {
    post: receive('receive'),
    get: {
      operationId: 'receiveAlive',
      summary: 'Whether address and token are right',
      tags: ['Receive URL'],
      security: [],
      parameters,
      responses: { 200: { description: 'They are' }, ...refusals },
    },
  },
  '/api/openchannel/accounts/{id}/receive': { post: receive('receiveAlias') },
}
