/** People of the cloud: registering with a mailed code, signing in, passwords. */
import { type Static, Type } from 'typebox'
import { endpoint, Id, Instant, Nothing } from '../endpoint.ts'
import { Email, LocaleName, Password } from './session.ts'

/** Whoever is signed in: nobody else has a key to the cloud. */
export const signedIn = { may: null, scopes: [], only: 'session' } as const

export const CloudUser = Type.Object({
  id: Id,
  email: Type.String(),
  locale: LocaleName,
  createdAt: Instant,
})
export type CloudUser = Static<typeof CloudUser>

const Code = Type.String({
  pattern: '^\\s*\\d{4}\\s?\\d{4}\\s*$',
  description: 'The 8 digits of the mail.',
})
const GivenPassword = Type.String({ maxLength: 256 })
const GivenEmail = Type.String({ maxLength: 254 })

export const cloudPeopleApi = {
  'POST /api/register': endpoint({
    summary: 'Register: a code goes out by mail',
    description:
      'Answers the same, in the same time, whether or not somebody has registered with this address. The code has 8 digits, stands alone on a line of the mail, lives ten minutes and takes five tries. Whoever is registered already gets a mail that says so in its place. Throttled per address, per caller and in all.',
    tag: 'People',
    access: 'public',
    body: Type.Object({ email: Email, password: Password, locale: Type.Optional(LocaleName) }),
    response: { 202: Type.Object({}) },
    refusals: ['AU-102'],
  }),
  'POST /api/verify': endpoint({
    summary: 'Confirm the e-mail address with the mailed code, and be signed in',
    tag: 'People',
    access: 'public',
    body: Type.Object({ email: GivenEmail, code: Code }),
    response: { 200: CloudUser },
    refusals: ['CL-102', 'AU-102'],
  }),
  'POST /api/session': endpoint({
    summary: 'Sign in',
    description:
      'Sets the session cookie. Equal answers and times for unknown users, and for those who have not confirmed their address; failures are throttled.',
    tag: 'People',
    access: 'public',
    body: Type.Object({ email: GivenEmail, password: GivenPassword }),
    response: { 200: CloudUser },
    refusals: ['AU-101', 'AU-102'],
  }),
  'DELETE /api/session': endpoint({
    summary: 'Sign out',
    tag: 'People',
    access: 'public',
    response: { 204: Nothing },
  }),
  'GET /api/me': endpoint({
    summary: 'Who is signed in',
    tag: 'People',
    access: signedIn,
    response: { 200: CloudUser },
  }),
  'PATCH /api/me': endpoint({
    summary: 'Change the language of mails',
    tag: 'People',
    access: signedIn,
    body: Type.Object({ locale: LocaleName }),
    response: { 200: CloudUser },
  }),
  'DELETE /api/me': endpoint({
    summary: 'Leave: the integrations end, and everything about the user is deleted',
    tag: 'People',
    access: signedIn,
    body: Type.Object({ password: GivenPassword }),
    response: { 204: Nothing },
    refusals: ['AU-101', 'AU-102'],
  }),
  'POST /api/me/password': endpoint({
    summary: 'Change the password; all other sessions end',
    tag: 'People',
    access: signedIn,
    body: Type.Object({ currentPassword: GivenPassword, password: Password }),
    response: { 204: Nothing },
    refusals: ['AU-101', 'AU-102'],
  }),
  'POST /api/password-resets': endpoint({
    summary: 'Ask for a new password: a code goes out by mail',
    description:
      'Answers the same, in the same time, whether or not anybody has this address. The code is like that of registering.',
    tag: 'People',
    access: 'public',
    body: Type.Object({ email: Email }),
    response: { 202: Type.Object({}) },
    refusals: ['AU-102'],
  }),
  'PUT /api/password-resets': endpoint({
    summary: 'Set the new password with the mailed code; all sessions end, and a new one begins',
    tag: 'People',
    access: 'public',
    body: Type.Object({ email: GivenEmail, code: Code, password: Password }),
    response: { 200: CloudUser },
    refusals: ['CL-102', 'AU-102'],
  }),
}
