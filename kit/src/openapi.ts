// An endpoint table as an OpenAPI 3.1 document.
import type { Endpoint } from '@patchbay/protocol/endpoint.ts'
import { type ProblemCode, problems } from '@patchbay/protocol/problem.ts'

type Json = Record<string, unknown>

export interface Document {
  title: string
  version: string
  description: string
  table: Readonly<Record<string, Endpoint>>
  /** Modules of the protocol: a schema that one of them exports is named once and referred to wherever that same object stands. */
  schemas: readonly object[]
  /** Paths that stand in no table, as OpenAPI writes them, and the tags that they bring. */
  paths?: Json
  tags?: readonly string[]
  securitySchemes: Json
  /** Names of `securitySchemes` by which an endpoint can be called. */
  security(endpoint: Endpoint): readonly string[]
  /** In words who may call. */
  describeAccess?(endpoint: Endpoint): string
}

export function makeOpenApi(document: Document): Json {
  const names = schemaNames(document.schemas)
  const { table } = document
  const paths: Record<string, Json> = {}
  for (const [key, endpoint] of Object.entries(table)) {
    const [method = '', path = ''] = key.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = {
      ...paths[template],
      [method.toLowerCase()]: operation(key, endpoint, names, document),
    }
  }
  const tags = [...new Set(Object.values(table).map(({ tag }) => tag)), ...(document.tags ?? [])]
  return {
    openapi: '3.1.0',
    info: {
      title: document.title,
      version: document.version,
      description: document.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: tags.map((name) => ({ name })),
    paths: { ...paths, ...document.paths },
    components: {
      schemas: {
        ...Object.fromEntries([...names].map(([schema, name]) => [name, refer(schema, names, schema)])),
        Problem: problemSchema,
      },
      securitySchemes: document.securitySchemes,
    },
  }
}

function operation(key: string, endpoint: Endpoint, names: Names, document: Document): Json {
  const { body, consumes } = endpoint
  return {
    operationId: operationId(key),
    summary: endpoint.summary,
    description: [endpoint.description, document.describeAccess?.(endpoint)].filter(Boolean).join('\n\n'),
    tags: [endpoint.tag],
    security: document.security(endpoint).map((name) => ({ [name]: [] })),
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

function schemaNames(modules: readonly object[]): Names {
  const named = modules
    .flatMap((module) => Object.entries(module))
    .filter(([, value]) => isObjectSchema(value))
  return new Map(named.map(([name, schema]) => [schema, name]))
}

const isObjectSchema = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'object'

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
