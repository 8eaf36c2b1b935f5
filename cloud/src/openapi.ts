/** The API of the cloud as an OpenAPI document, made from its endpoint table. */
import { makeOpenApi as makeDocument } from '@patchbay/kit/openapi.ts'
import * as cloudAudit from '@patchbay/protocol/api/cloud-audit.ts'
import * as cloudChannels from '@patchbay/protocol/api/cloud-channels.ts'
import * as cloudIntegrations from '@patchbay/protocol/api/cloud-integrations.ts'
import * as cloudPairings from '@patchbay/protocol/api/cloud-pairings.ts'
import * as cloudPeople from '@patchbay/protocol/api/cloud-people.ts'
import { cloudApi } from '@patchbay/protocol/cloud.ts'

export function makeOpenApi(version: string): Readonly<Record<string, unknown>> {
  return makeDocument({
    title: 'Patchbay cloud',
    version,
    description:
      'Connects Facebook pages to accounts of a contact centre. Every refusal is `application/problem+json` with a stable `code`, see /docs/errors.',
    table: { ...cloudApi, ...cloudChannels.channelApi },
    schemas: [cloudPeople, cloudIntegrations, cloudPairings, cloudChannels, cloudAudit],
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: '__Host-patchbay_cloud',
        description: 'Signed in at the cloud: POST /api/session.',
      },
    },
    security: ({ access }) => (access === 'public' ? [] : ['session']),
  })
}
