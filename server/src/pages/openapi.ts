/** The API as an OpenAPI 3.1 document, made from the endpoint table. */

import * as accounts from '@patchbay/protocol/api/accounts.ts'
import * as attachments from '@patchbay/protocol/api/attachments.ts'
import * as audit from '@patchbay/protocol/api/audit.ts'
import * as contacts from '@patchbay/protocol/api/contacts.ts'
import * as interactions from '@patchbay/protocol/api/interactions.ts'
import * as log from '@patchbay/protocol/api/log.ts'
import * as people from '@patchbay/protocol/api/people.ts'
import * as queues from '@patchbay/protocol/api/queues.ts'
import * as roles from '@patchbay/protocol/api/roles.ts'
import * as session from '@patchbay/protocol/api/session.ts'
import { api } from '@patchbay/protocol/api.ts'
import { type Endpoint, permissionsOf, type RestrictedAccess } from '@patchbay/protocol/endpoint.ts'
import { type ProblemCode, problems } from '@patchbay/protocol/problem.ts'
import { receivePaths } from './openapi-receive.ts'
import { reportPaths } from './openapi-report.ts'

type Json = Record<string, unknown>

export function makeOpenApi(version: string): Json {
  const names = schemaNames()
  const paths: Record<string, Json> = {}
  for (const [key, endpoint] of Object.entries<Endpoint>(api)) {
    const [method = '', path = ''] = key.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation(key, endpoint, names) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Patchbay',
      version,
      description:
        'The API of the contact centre. Every refusal is `application/problem+json` with a stable `code`, see /docs/errors.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(Object.values<Endpoint>(api).map(({ tag }) => tag)), 'Receive URL'].map((name) => ({
      name,
    })),
    paths: { ...paths, ...receivePaths, ...reportPaths },
    components: {
      schemas: {
        ...Object.fromEntries([...names].map(([schema, name]) => [name, refer(schema, names, schema)])),
        Problem: problemSchema,
      },
      securitySchemes,
    },
  }
}

function operation(key: string, endpoint: Endpoint, names: Names): Json {
  const { access, body, consumes } = endpoint
  return {
    operationId: operationId(key),
    summary: endpoint.summary,
    description: [endpoint.description, describeAccess(endpoint)].filter(Boolean).join('\n\n'),
    tags: [endpoint.tag],
    security: access === 'public' ? [] : access.only === 'session' ? [{ session: [] }] : everyScheme,
    parameters: [
      ...parameters('path', endpoint.params, names),
      ...parameters('query', endpoint.query, names),
    ],
    ...(body && {
      requestBody: { required: true, content: content('application/json', refer(body, names)) },
    }),
    ...(consumes === 'multipart' && {
      requestBody: { required: true, content: content('multipart/form-data', filePart) },
    }),
    responses: { ...answers(endpoint, names), ...refusals(endpoint) },
  }
}

function describeAccess({ access }: Endpoint): string {
  if (access === 'public') return ''
  const scopes = [...new Set([...access.scopes, 'admin'])].map((scope) => `\`${scope}\``).join(', ')
  if (access.only === 'session') return 'For a person signed in at the desk.'
  return `${describeNeed(access)}; a key with scopes needs one of ${scopes}.`
}

function describeNeed(access: RestrictedAccess): string {
  if ('role' in access) return `Needs the role ${access.role}`
  const wanted = permissionsOf(access)
  if (wanted === null) return 'For whoever is signed in'
  return `Needs the permission ${wanted.map((permission) => `\`${permission}\``).join(' or ')}`
}

// GET /api/lists/:id/fields is getListsByIdFields.
function operationId(key: string): string {
  const [method = '', path = ''] = key.split(' ')
  const words = path.replace(/^\/api\//, '').split(/[/-]/)
  return (
    method.toLowerCase() +
    words.map((word) => capital(word.replace(/^:(.)/, (_, c: string) => `by${c.toUpperCase()}`))).join('')
  )
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

function parameters(where: 'path' | 'query', schema: Endpoint['query'], names: Names): Json[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: schema?.required?.includes(name) ?? false,
    schema: refer(property, names),
  }))
}

function answers({ response }: Endpoint, names: Names): Json {
  return Object.fromEntries(
    Object.entries(response).map(([status, schema]) => {
      const type =
        (schema as { format?: string }).format === 'binary' ? 'application/octet-stream' : 'application/json'
      const description = status === '201' ? 'Made' : status === '204' ? 'Done' : 'The answer'
      return [
        status,
        { description, ...(status !== '204' && { content: content(type, refer(schema, names)) }) },
      ]
    }),
  )
}

function refusals(endpoint: Endpoint): Json {
  const codes = new Set<string>(endpoint.refusals)
  if (endpoint.params || endpoint.query || endpoint.body) codes.add('GE-101')
  if (endpoint.params) codes.add('GE-105')
  if (endpoint.access !== 'public') codes.add('AU-104').add('AU-105')
  const byStatus = Map.groupBy([...codes].sort().filter(isCode), (code) => problems[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      refusal(of.map((code) => `${code}: ${problems[code].title}`).join('; ')),
    ]),
  )
}

const isCode = (code: string): code is ProblemCode => code in problems

const refusal = (description: string): Json => ({
  description,
  content: content('application/problem+json', { $ref: '#/components/schemas/Problem' }),
})

const content = (type: string, schema: unknown): Json => ({ [type]: { schema } })

type Names = ReadonlyMap<unknown, string>

// A schema that a protocol file exports is named once and referred to wherever that same object stands.
function schemaNames(): Names {
  const files = [session, people, roles, audit, contacts, accounts, queues, interactions, attachments, log]
  const named = files.flatMap((file) => Object.entries(file)).filter(([, value]) => isObjectSchema(value))
  return new Map(named.map(([name, schema]) => [schema, name]))
}

const isObjectSchema = (value: unknown): boolean => (value as { type?: unknown }).type === 'object'

function refer(schema: unknown, names: Names, itself?: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  const name = schema === itself ? undefined : names.get(schema)
  if (name) return { $ref: `#/components/schemas/${name}` }
  if (Array.isArray(schema)) return schema.map((item) => refer(item, names))
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, refer(value, names)]))
}

const filePart = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' } },
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', description: 'Where the code is explained.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problems) },
    detail: { type: 'string' },
    field: { type: 'string', description: 'The field at fault.' },
    allowed: { type: 'array', description: 'What would have been accepted.' },
  },
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
  apikey: {
    type: 'apiKey',
    in: 'query',
    name: 'apikey',
    description: 'An API key, for clients that cannot send headers.',
  },
  basic: {
    type: 'http',
    scheme: 'basic',
    description: 'E-mail and password, or an API key in place of the password.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-patchbay_server',
    description: 'Signed in at the desk.',
  },
}
const everyScheme = Object.keys(securitySchemes).map((name) => ({ [name]: [] }))
