/** Refusals of the relay, and of those who are activated at one: a part of problem.ts. */

export const relayProblems = {
  'RL-101': {
    status: 503,
    title: 'The server is away',
    cause:
      'The server to which this token leads has no connection to the relay at the moment. Nothing was stored.',
    fix: 'Repeat after the seconds in Retry-After.',
  },
  'RL-102': {
    status: 401,
    title: 'No server is known for this token',
    cause: 'No server has registered this account token or API key with the relay, or none was sent.',
    fix: 'Check the token and the number of the account, or ask the admin whether the server is activated here.',
  },
  'RL-103': {
    status: 401,
    title: 'A password cannot be relayed',
    cause: 'HTTP Basic names no server: the relay finds it by the digest of a token or key.',
    fix: 'Use an API key, as Authorization: Bearer or ?apikey=.',
  },
  'RL-104': {
    status: 403,
    title: 'The code opens nothing',
    cause: 'It was mistyped, used already, or is older than 24 hours.',
    fix: 'Ask the operator of the relay for another one.',
  },
  'RL-105': {
    status: 401,
    title: 'The key is not accepted',
    cause: 'The key of the server, or the token of the operator, is missing, wrong or revoked.',
    fix: 'Activate the server again with a new code.',
  },
  'RL-106': {
    status: 429,
    title: 'Too many at once through the relay',
    cause: 'More requests for this token come than the relay passes on.',
    fix: 'Repeat after the seconds in Retry-After.',
  },
  'RL-107': {
    status: 409,
    title: 'The relay cannot be used',
    cause: 'It could not be reached, is not a relay, or refused the code.',
    fix: 'Check its address and the code.',
  },
  'RL-108': {
    status: 409,
    title: 'The way through the relay is not open',
    cause: 'This server takes in through a relay and is not connected to it now; `detail` says why.',
    fix: 'Look under Administration, Reachability; where the server can be reached without the relay, remove the relay there.',
  },
} as const
