/** Refusals of the cloud, and of those who are paired with it: a part of problem.ts. */

export const cloudProblems = {
  'CL-101': {
    status: 503,
    title: 'Facebook is not set up here',
    cause: 'The operator has given this cloud no app at Meta yet.',
    fix: 'The operator sets FACEBOOK_APP_ID, FACEBOOK_APP_SECRET and FACEBOOK_VERIFY_TOKEN, as docs/facebook.md describes.',
  },
  'CL-102': {
    status: 401,
    title: 'Wrong code',
    cause: 'The code is not the one mailed last, is older than ten minutes, or was tried five times.',
    fix: 'Enter the code of the newest mail, or have another one sent.',
  },
  'CL-103': {
    status: 409,
    title: 'Not logged in at Facebook',
    cause: 'Nobody has logged in at Facebook from here, or that login has ended.',
    fix: 'Log in at Facebook again: GET /connect/facebook.',
  },
  'CL-104': {
    status: 502,
    title: 'Facebook refuses',
    cause: 'Meta answered with an error; `detail` says which, and `sentences` the same by code.',
    fix: 'Log in at Facebook again and grant everything that is asked. If it stays, tell the operator the code in `detail`.',
  },
  'CL-105': {
    status: 409,
    title: 'The page cannot be connected',
    cause:
      'It is not among the pages of the person who logged in, or he may not do enough on it; `detail` says what is missing, and `sentences` the same by code.',
    fix: 'Have somebody with full control of the page connect it, or ask for the missing task at Facebook.',
  },
  'CL-106': {
    status: 400,
    title: 'The Receive URL is not usable',
    cause: 'It is not the Receive URL of an account, or not one that may be called from here.',
    fix: 'Copy the whole Receive URL from the Connect tab of the account, its token included.',
  },
  'CL-107': {
    status: 409,
    title: 'The contact centre does not answer as it should',
    cause:
      'The Receive URL cannot be reached, or refuses the token or the key; `detail` says what happened, and `sentences` the same by code.',
    fix: 'Mend what `detail` names; Check shows whether it helped. The key needs the scopes attachments and accounts:secret.',
  },
  'CL-108': {
    status: 403,
    title: 'The pairing code opens nothing',
    cause: 'It was mistyped, used already, or is older than ten minutes.',
    fix: 'Have the admin make another one on the Connect tab of the account.',
  },
  'CL-109': {
    status: 409,
    title: 'Not in this state',
    cause:
      'The integration was replaced or disconnected, or is no longer what the call expects; `detail` says what it is.',
    fix: 'Read it again. A page that was taken over or disconnected is connected anew.',
  },
  'CL-110': {
    status: 409,
    title: 'The cloud cannot be used',
    cause: 'The server knows no cloud, or the cloud could not be reached or refused; `detail` says which.',
    fix: 'The operator sets CLOUD_URL to the address of a cloud, and the cloud must be reachable from the server.',
  },
  'CL-111': {
    status: 400,
    title: 'Not signed by Meta',
    cause: 'The signature is missing, malformed or not of this content.',
    fix: 'Nothing, unless FACEBOOK_APP_SECRET is not the secret of the app that calls.',
  },
  'CL-201': {
    status: 401,
    title: 'The answer is not signed by an account known here',
    cause:
      'No integration of the account in OpenchannelAccountUid has the secret by which the answer is signed.',
    fix: 'Reconnect the integration in the cloud: it asks the account for its secret.',
  },
  'CL-202': {
    status: 404,
    title: 'No such page',
    cause: 'The account has integrations, but none of the page in Interaction.to.',
    fix: 'Connect that page again, or close the interaction.',
  },
  'CL-203': {
    status: 503,
    title: 'The integration pauses',
    cause: 'Its owner has paused it in the cloud.',
    fix: 'Repeat after the seconds in Retry-After; answers leave when it goes on.',
  },
  'CL-204': {
    status: 400,
    title: 'The answer cannot be sent',
    cause: 'Something that Facebook needs is missing in it; `detail` says what.',
    fix: 'Answer people who have written by Facebook, with a text or a file.',
  },
  'CL-205': {
    status: 403,
    title: 'Not the verify token',
    cause: 'The address was asked for with another mode or token than the one set here.',
    fix: 'Enter the value of FACEBOOK_VERIFY_TOKEN in the app at Meta.',
  },
} as const
