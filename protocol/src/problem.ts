/** Every refusal by its stable code, with what causes it and how to mend it. The page /docs/errors is made from this table. */
import { cloudProblems } from './problem-cloud.ts'
import { peopleProblems } from './problem-people.ts'
import { relayProblems } from './problem-relay.ts'

export interface ProblemText {
  readonly status: number
  readonly title: string
  readonly cause: string
  readonly fix: string
}

export const problems = {
  // GE: any endpoint
  'GE-101': {
    status: 400,
    title: 'A value is missing or unusable',
    cause:
      'A parameter or a field of the body is missing, of another type, too long or not one of the allowed values.',
    fix: 'Send the field named in `field` as the API page describes it.',
  },
  'GE-102': {
    status: 409,
    title: 'The name is taken',
    cause: 'Another object of this kind has the same name or e-mail.',
    fix: 'Choose another, or change the existing one.',
  },
  'GE-103': {
    status: 409,
    title: 'Still in use',
    cause: 'Something else names this object; `detail` and `uses` say what.',
    fix: 'Repeat the deletion with `replaceBy`, another of its kind that takes its place there, or remove it there first. What only goes along (no `mustMove`) is refused with `drop=false` alone.',
  },
  'GE-104': {
    status: 409,
    title: 'Changed meanwhile',
    cause: 'Somebody else saved a change after you read the object.',
    fix: 'Read it again, merge, and save with its new `version`.',
  },
  'GE-105': {
    status: 404,
    title: 'Not found',
    cause: 'There is no such object, or you may not see it.',
    fix: 'Check the id, and that you were added to the account it belongs to.',
  },
  'GE-106': {
    status: 413,
    title: 'The body is too large',
    cause: 'The request is longer than this endpoint takes.',
    fix: 'Send less; files go to POST /api/attachments.',
  },
  'GE-107': {
    status: 415,
    title: 'The content type is not understood',
    cause: 'The endpoint takes another kind of body.',
    fix: 'Send application/json, or multipart/form-data for files.',
  },
  'GE-108': {
    status: 400,
    title: 'The body is not readable JSON',
    cause:
      'The body is cut off, not JSON, deeper than 32 levels, or has more than 256 keys or a string above 64 KiB.',
    fix: 'Send one JSON object in UTF-8 within these limits.',
  },
  'GE-109': {
    status: 503,
    title: 'Busy',
    cause: 'More work is waiting than is good for anybody.',
    fix: 'Repeat after the seconds in Retry-After.',
  },
  'GE-110': {
    status: 500,
    title: 'A mistake of ours',
    cause: 'The program met a state that it does not know; the operator finds it in the log under `id`.',
    fix: 'Repeat the call; if it stays, tell the operator the id.',
  },
  'GE-111': {
    status: 431,
    title: 'The headers are too large',
    cause: 'Request line and headers together exceed 16 KiB.',
    fix: 'Send shorter headers or a shorter query.',
  },
  'GE-112': {
    status: 408,
    title: 'Too slow',
    cause: 'The headers did not arrive within 10 seconds, or the body not within the time for its kind.',
    fix: 'Send again over a better line, or in smaller pieces.',
  },
  'GE-113': {
    status: 400,
    title: 'Not readable as HTTP',
    cause: 'The request breaks the rules of HTTP/1.1.',
    fix: 'Use an HTTP library in place of writing the request by hand.',
  },
  ...peopleProblems,
  // OC: Receive URL
  'OC-101': {
    status: 404,
    title: 'No such account',
    cause: 'The account in the address does not exist or was deleted.',
    fix: 'Copy the Receive URL again from the account.',
  },
  'OC-102': {
    status: 401,
    title: 'Wrong token',
    cause: 'The token or key is missing, not of this account, or no longer valid.',
    fix: 'Copy the Receive URL again; after a rotation the old token works until its overlap ends.',
  },
  'OC-103': {
    status: 400,
    title: 'A mandatory field is missing or unusable',
    cause: 'from, body or mapKey is absent, empty or of a type that has no text.',
    fix: 'Send the field named in `field` as text; body may be empty only with an attachment.',
  },
  'OC-104': {
    status: 400,
    title: 'mapKey is not a contact field',
    cause: 'Messages find their contact by one of the contact fields or by a custom field of the list.',
    fix: 'Use one of the names in `allowed`, or cf_<id> of a custom field.',
  },
  'OC-105': {
    status: 400,
    title: 'Unknown attachment',
    cause: 'AttachmentId is no number, names no upload, or the upload belongs to another account.',
    fix: 'Upload the file to POST /api/attachments and send the id it answers.',
  },
  'OC-106': {
    status: 409,
    title: 'The message id was used for another message',
    cause: 'The same id arrived before with other content; `fields` names what differs.',
    fix: 'Give every message its own id and repeat one unchanged.',
  },
  'OC-107': {
    status: 413,
    title: 'The message is too large',
    cause: 'The body is longer than the account takes.',
    fix: 'Send less text, files as attachments, or raise the limit of the account.',
  },
  'OC-108': {
    status: 415,
    title: 'The content type is not understood',
    cause: 'The Receive URL takes JSON, form and multipart bodies.',
    fix: 'Send application/json, application/x-www-form-urlencoded or multipart/form-data.',
  },
  'OC-109': {
    status: 429,
    title: 'Too fast',
    cause: 'The account receives more than its rate, or more at once than its cap.',
    fix: 'Repeat after the seconds in Retry-After, or raise the rate of the account.',
  },
  'OC-110': {
    status: 503,
    title: 'Busy',
    cause: 'More messages wait to be stored than is good for anybody. Nothing was stored.',
    fix: 'Repeat after the seconds in Retry-After.',
  },
  'OC-111': {
    status: 400,
    title: 'The body is not readable',
    cause:
      'The body is empty, cut off, not valid JSON or form data, no object, or deeper or larger than allowed.',
    fix: 'Send one JSON object or one form; `detail` shows where reading stopped.',
  },
  'OC-112': {
    status: 400,
    title: 'A file could not be fetched',
    cause:
      'A URL in `attachments` is not reachable, answers no 2xx within 15 seconds, or leads where nothing may be called. Nothing was stored.',
    fix: 'Mend the URL and repeat the message, or upload the file to POST /api/attachments instead.',
  },
  'OC-113': {
    status: 400,
    title: 'A field is not usable',
    cause: 'An optional field holds an object, a list or a truth value in the place of text, or is too long.',
    fix: 'Send the field named in `field` as text or number, or leave it out.',
  },
  'OC-114': {
    status: 503,
    title: 'Perhaps stored',
    cause: 'The database was lost while the message was being stored, so nobody knows whether it was.',
    fix: 'Repeat with the same messageId after the seconds in Retry-After: a message is never stored twice under one id.',
  },
  'OC-115': {
    status: 400,
    title: 'The database refuses the message',
    cause: 'A value is of a kind that cannot be stored; `detail` holds what the database says.',
    fix: 'Leave out fields until it is taken, and report the field to the operator.',
  },
  'OC-116': {
    status: 404,
    title: 'No such message',
    cause: 'The id belongs to no message of this account of which such a thing can be reported.',
    fix: 'Send as `id` what our reply had as its id, or as `messageId` what your Reply URL answered as id or what the message had as its messageId.',
  },
  'OC-117': {
    status: 401,
    title: 'Not signed, or not rightly',
    cause:
      'The account takes only requests signed by Standard Webhooks with its secret; a header is missing, the time is off by more than five minutes, or no signature is of this body.',
    fix: 'Sign webhook-id, webhook-timestamp and the bytes of the body with the secret of the account, anew for each attempt, or have an admin switch the demand off.',
  },
  // AC: accounts
  'AC-101': {
    status: 400,
    title: 'The Reply URL is not usable',
    cause: 'It is no http or https address, or holds a user name or password.',
    fix: 'Enter a whole address such as https://api.example.com/reply.',
  },
  'AC-102': {
    status: 400,
    title: 'An action is not usable',
    cause:
      'A step is of an unknown type, names something that does not exist, is never reached, or leads in a circle in which nothing waits.',
    fix: 'Correct the step named in `field`.',
  },
  // TR: triggers
  'TR-101': {
    status: 400,
    title: 'A trigger is not usable',
    cause:
      'An action is of an unknown type or lacks something, names a queue, tag or interval that does not exist, or a variable is unknown.',
    fix: 'Correct what is named in `field`.',
  },
  // IN, OF, RE: interactions, offers, answers
  'IN-101': {
    status: 409,
    title: 'Another interaction is open',
    cause: 'The contact already has an open interaction on this account and thread.',
    fix: 'Go on in the open one.',
  },
  'IN-102': {
    status: 400,
    title: 'Nobody to pass it to',
    cause:
      'Neither an agent, a queue nor a team is named, or more than one, or the agent was not added to the account.',
    fix: 'Name a user of the account, a queue or a team.',
  },
  'IN-103': {
    status: 409,
    title: 'The interaction is closed',
    cause: 'It was closed before the call.',
    fix: 'Reopen it first.',
  },
  'IN-104': {
    status: 409,
    title: 'It must be said how it ended',
    cause: 'The account or the queue asks for a disposition whenever an interaction is closed.',
    fix: 'Name one of `allowed`, by its path or its id.',
  },
  'IN-105': {
    status: 400,
    title: 'No such disposition',
    cause:
      'Neither the name nor the id is that of a disposition for this interaction, or the name stands for several.',
    fix: 'Name one of `allowed` by its path, or give its id.',
  },
  'IN-106': {
    status: 409,
    title: 'It is there already',
    cause: 'The agent has the interaction, or it waits there.',
    fix: 'Choose another agent, queue or team.',
  },
  'DI-101': {
    status: 400,
    title: 'It cannot stand there',
    cause: 'Dispositions have three levels at most, one scope, and no disposition stands below itself.',
    fix: 'Choose another place, as `detail` says.',
  },
  'OF-101': {
    status: 409,
    title: 'Taken',
    cause: 'Somebody else accepted it first, or it is being offered to somebody else.',
    fix: 'Nothing to do: `by` says who has it.',
  },
  'OF-102': {
    status: 409,
    title: 'No open offer',
    cause: 'The offer ran out, was withdrawn, or went to somebody else.',
    fix: 'Nothing to do.',
  },
  'OF-103': {
    status: 409,
    title: 'No free slot',
    cause: 'You have as many interactions from queues as your capacity allows.',
    fix: 'Close or pass on one of yours first, or ask an admin for more capacity.',
  },
  'PR-101': {
    status: 400,
    title: 'A pause needs a reason',
    cause: 'The rules of presence of this installation ask for one.',
    fix: 'Send `reason`: the key or the name of a pause of GET /api/openchannel/pauses.',
  },
  'RE-101': {
    status: 409,
    title: 'The account cannot answer',
    cause: 'It has no Reply URL.',
    fix: 'An admin sets the Reply URL in the settings of the account.',
  },
  'RE-102': {
    status: 400,
    title: 'Nothing to send',
    cause: 'The text is empty and no file is attached.',
    fix: 'Write something or attach a file.',
  },
  'RE-103': {
    status: 409,
    title: 'The customer wrote meanwhile',
    cause: 'A message arrived that the writer has not seen.',
    fix: 'Read it, then send with the seq in `seq`.',
  },
  'RE-104': {
    status: 409,
    title: 'Nothing to try again',
    cause: 'It is not in a failed state, or it is being tried again at this moment.',
    fix: 'Wait for the delivery under way.',
  },
  'RE-105': {
    status: 409,
    title: 'The channel takes no more answers',
    cause: 'The time within which the channel lets a customer be answered is over.',
    fix: 'Wait until the customer writes again, or reach him another way.',
  },
  // RL: the relay
  ...relayProblems,
  // CL: the cloud
  ...cloudProblems,
  // AT: attachments
  'AT-101': {
    status: 400,
    title: 'No file in the request',
    cause: 'The multipart body has no part named file, or more than one.',
    fix: 'Send one part named `file` with a file name.',
  },
  'AT-102': {
    status: 400,
    title: 'The file is empty',
    cause: 'The part holds no byte.',
    fix: 'Send the file with its content.',
  },
  'AT-103': {
    status: 413,
    title: 'The file is too large',
    cause: 'It is larger than the account or the installation takes.',
    fix: 'Send a smaller file.',
  },
  'AT-104': {
    status: 400,
    title: 'The file name is not usable',
    cause: 'The name is missing or made of path characters only.',
    fix: 'Send a plain file name.',
  },
  'AT-105': {
    status: 410,
    title: 'The file is gone',
    cause: 'Its lifetime is over and its bytes were deleted.',
    fix: 'Ask the sender to send it again.',
  },
  'AT-106': {
    status: 416,
    title: 'No such range',
    cause: 'The range asked for begins after the end of the file.',
    fix: 'Ask for a range within the size told in Content-Range.',
  },
  'AT-120': {
    status: 507,
    title: 'No room for the file',
    cause: 'The disk that holds the attachments is full. Nothing was stored.',
    fix: 'Repeat after the seconds in Retry-After; the operator has to make room.',
  },
} as const satisfies Record<string, ProblemText>

export type ProblemCode = keyof typeof problems
