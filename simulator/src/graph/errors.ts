/** The refusals of the Graph API, by what went wrong. */
import { traceId } from '../world/ids.ts'

export interface GraphProblem {
  code: number
  subcode?: number
  message: string
  type?: 'OAuthException' | 'GraphMethodException' | 'FacebookApiException' | 'IGApiException'
  isTransient?: boolean
  userTitle?: string
  userMessage?: string
}

export class GraphError extends Error {
  override name = 'GraphError'
  readonly problem: GraphProblem

  constructor(problem: GraphProblem) {
    super(problem.message)
    this.problem = problem
  }
}

export function errorBody({
  code,
  subcode,
  message,
  type,
  isTransient,
  userTitle,
  userMessage,
}: GraphProblem) {
  return {
    error: {
      message,
      type: type ?? 'OAuthException',
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(isTransient !== undefined && { is_transient: isTransient }),
      ...(userTitle !== undefined && { error_user_title: userTitle }),
      ...(userMessage !== undefined && { error_user_msg: userMessage }),
      fbtrace_id: traceId(),
    },
  }
}

const policy =
  'Learn more about the new policy here: https://developers.facebook.com/docs/messenger-platform/policy-overview'

const problems = {
  unknown: { code: 1, message: 'An unknown error has occurred.', isTransient: true },
  wrongSecret: { code: 1, message: 'Error validating client secret.' },
  appLimit: { code: 4, message: '(#4) Application request limit reached', isTransient: true },
  outsideWindow: {
    code: 10,
    subcode: 2018278,
    message: `(#10) This message is sent outside of allowed window. ${policy}`,
  },
  outsideInstagramWindow: {
    code: 10,
    subcode: 2534022,
    message: `(#10) This message is sent outside of allowed window. ${policy}`,
  },
  wrongApp: { code: 101, message: 'Error validating application. Invalid application ID.' },
  noToken: { code: 104, message: 'An access token is required to request this resource.' },
  badProof: { code: 100, message: 'Invalid appsecret_proof provided in the API argument' },
  noProof: {
    code: 100,
    message: 'API calls from the server require an appsecret_proof argument',
    type: 'GraphMethodException',
  },
  codeUsed: { code: 100, subcode: 36009, message: 'This authorization code has been used.' },
  codeExpired: { code: 100, subcode: 36007, message: 'This authorization code has expired.' },
  codeUnknown: { code: 100, message: 'Invalid verification code format.' },
  redirectDiffers: {
    code: 100,
    subcode: 36008,
    message:
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
  },
  noSuchPerson: {
    code: 100,
    subcode: 2018001,
    message: 'No matching user found.',
    type: 'FacebookApiException',
  },
  cannotFetch: { code: 100, subcode: 2018008, message: '(#100) Failed to fetch the file from the url.' },
  actionWithMessage: {
    code: 100,
    subcode: 2018014,
    message: '(#100) sender_action cannot be sent together with a message.',
  },
  emptyMessage: {
    code: 100,
    subcode: 2018034,
    message: '(#100) Message cannot be empty, must provide valid attachment or text',
  },
  wrongType: { code: 100, subcode: 2018047, message: '(#100) Upload attachment failure.' },
  noSuchAttachment: { code: 100, subcode: 2018074, message: '(#100) Invalid attachment id' },
  tooLarge: { code: 100, subcode: 2018109, message: '(#100) Attachment size exceeds allowable limit' },
  noProfile: { code: 100, subcode: 2018218, message: '(#100) No profile available for this user.' },
  badToken: { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
  otherApp: {
    code: 10,
    subcode: 2018300,
    message: '(#10) Message failed to send because another app is controlling this thread now.',
  },
  unavailable: { code: 551, subcode: 1545041, message: "(#551) This person isn't available right now." },
  alreadyReplied: { code: 10900, message: '(#10900) Activity already replied to' },
  cannotReply: { code: 10903, message: "(#10903) This user can't reply to this activity" },
  duplicatePost: { code: 506, message: '(#506) Duplicate status message' },
  goneMessage: {
    code: 9000001,
    message: '(#9000001) This Message has been deleted by the user or the business.',
  },
  partWithoutType: { code: 200, message: '(#200) Permissions error' },
  visitorsMayNot: { code: 200, message: '(#200) Visitors cannot post to this page' },
} as const satisfies Record<string, GraphProblem>

export const graphError = (name: keyof typeof problems): GraphError => new GraphError(problems[name])

export function invalidParameter(message: string): GraphError {
  return new GraphError({ code: 100, message: `(#100) ${message}` })
}

export function notFound(id: string): GraphError {
  return new GraphError({
    code: 100,
    subcode: 33,
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    type: 'GraphMethodException',
  })
}

export function missingPermission(permission: string): GraphError {
  return new GraphError({
    code: 200,
    message: `(#200) Requires ${permission} permission to manage the object.`,
  })
}

export function missingTask(task: string): GraphError {
  return new GraphError({
    code: 200,
    message: `(#200) User does not have sufficient administrative permission for this action on this page: ${task} is missing.`,
  })
}

export function throttled(code: number): GraphError {
  if (code === 4) return graphError('appLimit')
  return new GraphError({
    code,
    message: `(#${code}) There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.`,
  })
}

export function expiredToken(subcode: number, appId: string, userId: string): GraphError {
  const why = {
    458: `Error validating access token: User ${userId} has not authorized application ${appId}.`,
    459: 'Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.',
    460: 'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
    463: 'Error validating access token: Session has expired.',
    492: 'Error validating access token: The user is not an administrator of the page.',
  }[subcode]
  return new GraphError({
    code: 190,
    subcode,
    message: why ?? 'Error validating access token: This token is no longer valid.',
  })
}
