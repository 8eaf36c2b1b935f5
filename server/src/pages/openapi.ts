/** The API of the contact centre as an OpenAPI document, made from its endpoint table. */
import { makeOpenApi as makeDocument } from '@patchbay/kit/openapi.ts'
import * as accounts from '@patchbay/protocol/api/accounts.ts'
import * as attachments from '@patchbay/protocol/api/attachments.ts'
import * as audit from '@patchbay/protocol/api/audit.ts'
import * as contacts from '@patchbay/protocol/api/contacts.ts'
import * as interactions from '@patchbay/protocol/api/interactions.ts'
import * as log from '@patchbay/protocol/api/log.ts'
import * as pairing from '@patchbay/protocol/api/pairing.ts'
import * as people from '@patchbay/protocol/api/people.ts'
import * as queues from '@patchbay/protocol/api/queues.ts'
import * as relays from '@patchbay/protocol/api/relays.ts'
import * as roles from '@patchbay/protocol/api/roles.ts'
import * as session from '@patchbay/protocol/api/session.ts'
import { api } from '@patchbay/protocol/api.ts'
import { type Endpoint, permissionsOf, type RestrictedAccess } from '@patchbay/protocol/endpoint.ts'
import { receivePaths } from './openapi-receive.ts'
import { reportPaths } from './openapi-report.ts'

export function makeOpenApi(version: string): Readonly<Record<string, unknown>> {
  return makeDocument({
    title: 'Patchbay',
    version,
    description:
      'The API of the contact centre. Every refusal is `application/problem+json` with a stable `code`, see /docs/errors.',
    table: api,
    schemas: [
      session,
      people,
      pairing,
      contacts,
      accounts,
      queues,
      interactions,
      attachments,
      log,
      relays,
      roles,
      audit,
    ],
    paths: { ...receivePaths, ...reportPaths },
    tags: ['Receive URL'],
    securitySchemes,
    security: ({ access }) =>
      access === 'public' ? [] : access.only === 'session' ? ['session'] : Object.keys(securitySchemes),
    describeAccess,
  })
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
