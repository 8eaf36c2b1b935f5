/** Pairing: a contact centre waits at the cloud under a code, and whoever enters it binds a page to that account. */
import { Type } from 'typebox'
import { endpoint, Instant } from '../endpoint.ts'
import { signedIn } from './cloud-people.ts'

export const Pairing = Type.Object({
  codeDigest: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 of the 8 characters, in hexadecimal.',
  }),
  receiveUrl: Type.String({ minLength: 1, maxLength: 2000 }),
  apiKey: Type.String({ minLength: 1, maxLength: 200, pattern: '^\\S+$' }),
  secret: Type.String({ minLength: 1, maxLength: 500 }),
  uid: Type.String({ minLength: 1, maxLength: 200 }),
  serverName: Type.String({ minLength: 1, maxLength: 200 }),
})

export const cloudPairingsApi = {
  'POST /api/pairings': endpoint({
    summary: 'Wait under a code, as a contact centre does',
    description:
      'The code is 8 characters of Crockford’s base32 that the contact centre makes and shows to its admin; here its digest alone is told. It lives ten minutes and works once. Throttled per address and in all.',
    tag: 'Pairing',
    access: 'public',
    body: Pairing,
    response: { 201: Type.Object({ expiresAt: Instant }) },
    refusals: ['CL-106', 'GE-102', 'AU-102'],
  }),
  'POST /api/pairings/look': endpoint({
    summary: 'Which contact centre waits under this code, to be confirmed before a page is bound to it',
    description: 'Uses nothing up. Five wrong codes per user in a quarter of an hour.',
    tag: 'Pairing',
    access: signedIn,
    body: Type.Object({ pairingCode: Type.String({ minLength: 8, maxLength: 20 }) }),
    response: {
      200: Type.Object({
        serverName: Type.String({ description: 'As the contact centre calls itself.' }),
        host: Type.String({ description: 'Where messages will go.' }),
        expiresAt: Instant,
      }),
    },
    refusals: ['CL-108', 'AU-102'],
  }),
}
