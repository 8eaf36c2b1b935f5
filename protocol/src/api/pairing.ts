/** Pairing an account with the cloud: a code that is read out there, in the place of an address and a key that are copied. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, IdParams, Instant, Nullable } from '../endpoint.ts'

/** A key is made by it, which only a person at the desk may cause. */
const access = { may: 'accounts.secrets', scopes: ['admin'], only: 'session' } as const

export const PairingCode = Type.Object({
  code: Type.String({ description: '8 characters, shown in this answer only.' }),
  keyId: Id,
  expiresAt: Instant,
  cloudUrl: Type.String(),
  replyUrl: Type.String({
    description: 'What the Reply URL of the account has to be for answers to reach the page.',
  }),
  address: Type.String({
    description: 'Where the cloud will call, which it shows for confirmation: a relay, or the server itself.',
  }),
  isRelayed: Type.Boolean({ description: 'Whether `address` is that of a relay.' }),
})
export type PairingCode = Static<typeof PairingCode>

export const pairingApi = {
  'GET /api/openchannel/cloud': endpoint({
    summary: 'The cloud through which pages can be connected to accounts',
    tag: 'Accounts',
    access: { may: 'accounts.manage', scopes: ['admin'] },
    response: { 200: Type.Object({ cloudUrl: Nullable(Type.String()) }) },
  }),
  'POST /api/openchannel/accounts/:id/pairings': endpoint({
    summary: 'Make a code by which a page is bound to this account in the cloud',
    description:
      'The server makes a key with the scopes `attachments` and `accounts:secret` and leaves it with the cloud under the digest of the code. The code lives ten minutes and works once; a key that was not used by then is revoked.',
    tag: 'Accounts',
    access,
    params: IdParams,
    response: { 201: PairingCode },
    refusals: ['CL-110', 'RL-108'],
  }),
  'GET /api/openchannel/accounts/:id/pairings/:keyId': endpoint({
    summary: 'What became of a pairing code',
    description: '`claimed`: the cloud has used the key. `ended`: the key was revoked.',
    tag: 'Accounts',
    access,
    params: Type.Object({ ...IdParams.properties, keyId: Id }),
    response: {
      200: Type.Object({
        state: Type.Union([Type.Literal('waiting'), Type.Literal('claimed'), Type.Literal('ended')]),
      }),
    },
  }),
}
