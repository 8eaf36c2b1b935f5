/** The siblings of the Receive URL in the OpenAPI document, described by hand as that is. */
import { eventTypes, receiptStatuses } from '@patchbay/protocol/open-channel.ts'
import { parameters, refusals, text } from './openapi-receive.ts'

const person = {
  from: { type: ['string', 'number'], description: 'The customer, as in a message.' },
  mapKey: text('As in a message; mandatory unless the account sets one.'),
}

const report = (
  operationId: string,
  summary: string,
  properties: Record<string, object>,
  required: string[],
) => ({
  post: {
    operationId,
    summary,
    tags: ['Receive URL'],
    security: [],
    parameters,
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { type: 'object', required, properties } } },
    },
    responses: { 200: { description: 'Taken' }, ...refusals },
  },
})

export const reportPaths = {
  '/api/openchannel/accounts/{id}/receipts': report(
    'receipt',
    'What became of an answer after the Reply URL took it',
    {
      id: { type: 'integer', description: 'What our reply had as its id.' },
      messageId: text('What the Reply URL answered as id; one of the two is mandatory.'),
      status: { type: 'string', enum: receiptStatuses },
      reason: text('For the agent: why it failed, or how it went where not as it was written.'),
    },
    ['status'],
  ),
  '/api/openchannel/accounts/{id}/typing': report(
    'typing',
    'The customer is typing: shown for some seconds, kept nowhere',
    person,
    ['from'],
  ),
  '/api/openchannel/accounts/{id}/events': report(
    'channelEvent',
    'What happened in the channel; of an unknown type it is ignored, and under the same eventId nothing new',
    {
      eventId: text('The id of the event at the channel.'),
      type: { type: 'string', examples: eventTypes },
      ...person,
      threadId: text('As in a message.'),
      messageId: text('With which the message came in, or which the Reply URL answered.'),
      data: {
        type: 'object',
        description:
          'message.edited {body}, message.reacted {action: react or unreact, emoji}, message.sent {body, AttachmentId?}, window {until, humanAgentUntil?}.',
      },
    },
    ['eventId', 'type', 'from'],
  ),
}
