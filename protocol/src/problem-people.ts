/** Refusals of signing in, of rights, and of users, teams and roles: a part of problem.ts. */

export const peopleProblems = {
  'AU-101': {
    status: 401,
    title: 'Wrong e-mail or password',
    cause: 'They do not belong together, or the user is disabled.',
    fix: 'Check both. Programs do better with an API key.',
  },
  'AU-102': {
    status: 429,
    title: 'Too many failures',
    cause:
      'Too many wrong passwords or codes, or requests for a new password, for this user or from this address.',
    fix: 'Wait the seconds in Retry-After.',
  },
  'AU-103': {
    status: 401,
    title: 'The set-up link is used up',
    cause: 'The first admin exists already, or the code is not the one printed last.',
    fix: 'Sign in, or take the link from the newest start of the program.',
  },
  'AU-104': {
    status: 401,
    title: 'Not signed in',
    cause: 'The call carries no session, key or password, or one that is no longer valid.',
    fix: 'Sign in, or send an API key as `Authorization: Bearer`.',
  },
  'AU-105': {
    status: 403,
    title: 'Not allowed',
    cause: 'Your role or the scopes of the key do not cover this.',
    fix: 'Ask an admin, or use a key with the scope named in `detail`.',
  },
  'AU-106': {
    status: 403,
    title: 'From another site',
    cause: 'A change by cookie needs an Origin equal to this server and a JSON body.',
    fix: 'Call from the desk, or with an API key.',
  },
  'AU-107': {
    status: 401,
    title: 'The link is used up',
    cause: 'The one-time link was used, has expired, or a newer one was sent.',
    fix: 'Ask for a new one: "Forgot password?" on the sign-in page, or an admin for an invitation.',
  },
  'AU-114': {
    status: 401,
    title: 'Single sign-on failed',
    cause:
      'It is not turned on, took longer than ten minutes, or the answer of the provider could not be trusted.',
    fix: 'Try once more. If it stays, an admin finds the reason in the log of the server.',
  },
  'AU-115': {
    status: 403,
    title: 'The e-mail address is not verified',
    cause: 'The provider sends no e-mail address for you, or does not say that it is yours.',
    fix: 'Confirm the address at the provider, or have its admin send the claim email_verified.',
  },
  'AU-116': {
    status: 403,
    title: 'Nobody here has this address',
    cause:
      'There is no user with your e-mail address, and new ones are not made by single sign-on or not for its domain.',
    fix: 'Ask an admin to make a user with exactly this address.',
  },
  'AU-117': {
    status: 403,
    title: 'Disabled',
    cause: 'Your user was disabled.',
    fix: 'Ask an admin.',
  },
  'AU-121': {
    status: 403,
    title: 'Looking at the desk of another changes nothing',
    cause: 'The session shows the desk as somebody else sees it.',
    fix: 'End the view first.',
  },
  'AU-108': {
    status: 401,
    title: 'Wrong code',
    cause: 'The code is not the one of this moment, was used before, or is no recovery code of yours.',
    fix: 'Take the code that the authenticator shows now. If it never fits, set the clock of the device right, or use a recovery code.',
  },
  'AU-109': {
    status: 401,
    title: 'The sign-in took too long',
    cause: 'The second step came after five minutes, after five wrong codes, or a second time.',
    fix: 'Begin again with e-mail and password.',
  },
  'AU-110': {
    status: 401,
    title: 'The password alone is not enough',
    cause: 'The user has a second factor or signs in elsewhere, which a program cannot do.',
    fix: 'Send an API key in the place of the password, or as `Authorization: Bearer`.',
  },
  'AU-111': {
    status: 409,
    title: 'Not in this state of the second factor',
    cause: 'It is on already, is not on, or its set-up was not begun.',
    fix: 'Read it again (GET /api/me/second-factor) and do what is missing first.',
  },
  'AU-112': {
    status: 409,
    title: 'A second factor is demanded',
    cause: 'The role of the user needs one.',
    fix: 'Keep it; an admin decides for which roles one is demanded.',
  },
  'AU-113': {
    status: 403,
    title: 'Single sign-on only',
    cause: 'Only admins sign in by password here.',
    fix: 'Use the button for single sign-on on the sign-in page.',
  },
  'PE-110': {
    status: 409,
    title: 'A preset stays',
    cause: 'Presets keep their names and cannot be deleted, and Admin always allows everything.',
    fix: 'Copy the preset and change the copy.',
  },
  'PE-111': {
    status: 409,
    title: 'Nobody to look as',
    cause: 'The user is disabled, or is you.',
    fix: 'Choose another user.',
  },
  'PE-102': {
    status: 409,
    title: 'Nobody to invite',
    cause: 'The user has a password already, or is disabled.',
    fix: 'Set a new password on the user, or have the user ask for one on the sign-in page; enable a disabled user first.',
  },
  'PE-101': {
    status: 409,
    title: 'The last admin stays',
    cause: 'Nobody could administer the installation afterwards.',
    fix: 'Make another user admin first.',
  },
} as const
