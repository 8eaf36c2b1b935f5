/** What Meta and contact centres call at the cloud. */
import { Type } from 'typebox'
import { endpoint } from '../endpoint.ts'

export const channelApi = {
  'GET /webhook/facebook': endpoint({
    summary: 'Meta asks whether this address is ours: the challenge comes back when the token is right',
    tag: 'Channels',
    access: 'public',
    query: Type.Object({
      'hub.mode': Type.Optional(Type.String()),
      'hub.verify_token': Type.Optional(Type.String()),
      'hub.challenge': Type.Optional(Type.String()),
    }),
    response: { 200: Type.String() },
    refusals: ['CL-101', 'CL-205'],
  }),
  'POST /webhook/facebook': endpoint({
    summary: 'Meta tells what happened on pages: stored, then answered; worked on afterwards',
    description:
      'The raw body must be signed in `X-Hub-Signature-256` with the secret of the app. Up to 2 MiB and a thousand entries. What comes again is known by the ids in it.',
    tag: 'Channels',
    access: 'public',
    response: { 200: Type.Object({}) },
    refusals: ['CL-101', 'CL-111', 'GE-106', 'GE-108'],
  }),
  'POST /api/reply': endpoint({
    summary: 'An answer of a contact centre: the Reply URL of every account that an integration is bound to',
    description:
      'Signed as Standard Webhooks has it, by the secret of the account. The same `webhook-id` again answers the same and sends nothing. What becomes of the answer at Facebook is told by receipts.',
    tag: 'Channels',
    access: 'public',
    response: {
      200: Type.Object({ id: Type.String({ description: 'What reactions and receipts call the answer.' }) }),
    },
    refusals: ['CL-201', 'CL-202', 'CL-203', 'CL-204', 'GE-106', 'GE-108'],
  }),
}
export type ChannelApi = typeof channelApi
