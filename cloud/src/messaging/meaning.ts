/** What an error of the Graph API means for what was asked: its code and subcode decide, its text never. */

export type Remedy =
  /** Soon again; something at Meta, or between us and Meta. */
  | 'retry'
  /** Nothing more for this page for a while. */
  | 'throttle-page'
  /** Nothing more for any page for a while. */
  | 'throttle-app'
  /** The page has to be connected anew. */
  | 'reconnect'
  | 'window-closed'
  /** The customer, the post or the comment is not there any more. */
  | 'gone'
  /** It has been done already. */
  | 'done'
  | 'refused'

export interface GraphFailure {
  code: number | null
  subcode: number | null
  isTransient?: boolean
  /** Of the HTTP answer; null when there was none. */
  status: number | null
}

export interface Meaning {
  remedy: Remedy
  /** A sentence for the agent. */
  words: string
}

type Row = readonly [codes: string, remedy: Remedy, words: string]

const windowClosed = '{channel}’s time for answers is over: the customer has to write again first.'
const limited = '{channel} takes no more messages of this page for a while; it is tried again.'
const permission = '{channel} does not allow this page to answer any more: an admin has to reconnect it.'
const unavailable = 'This person cannot receive messages of the page: blocked, or not there any more.'
const otherApp = 'Another program has taken over this conversation at {channel}.'
const badFile = '{channel} does not take this file.'

// `code/subcode`, `code/` without a subcode, `code` with any. The most exact one counts.
const rows: readonly Row[] = [
  ['1', 'retry', '{channel} had a fault; it is tried again.'],
  ['2', 'retry', '{channel} is not available now; it is tried again.'],
  ['2/2018344', 'refused', '{channel} asks the page to accept its terms first.'],
  ['3', 'refused', '{channel} has not allowed the app to do this.'],
  ['4', 'throttle-app', '{channel} takes no more calls for a while; it is tried again.'],
  ['17', 'throttle-app', '{channel} takes no more calls for a while; it is tried again.'],
  ['32 80001 80002 80006 613 341', 'throttle-page', limited],
  ['613/2018338', 'refused', '{channel} warns of messages outside its rules and did not take this one.'],
  ['10', 'refused', '{channel} did not allow this message.'],
  ['10/', 'reconnect', permission],
  ['10/2018278 10/2018065 10/2534022', 'window-closed', windowClosed],
  ['10/2018108', 'gone', 'This person cannot receive messages right now.'],
  ['10/1893063', 'refused', '{channel} has restricted the page for a while.'],
  ['100', 'refused', '{channel} could not make anything of this message.'],
  ['100/33', 'gone', 'The post or comment is not there any more, or the page may not see it.'],
  ['100/2018001', 'gone', '{channel} knows no such person on this page.'],
  ['100/2018008 100/2018294', 'retry', '{channel} could not read the file; it is tried again.'],
  ['100/2018047 100/2018074 36000', 'refused', badFile],
  ['100/2018109', 'refused', 'The file is too large for {channel} (25 MB).'],
  ['100/2018034', 'refused', '{channel} does not take an empty message.'],
  [
    '101 102 190',
    'reconnect',
    '{channel} has ended the connection of this page: an admin has to reconnect it.',
  ],
  ['200 210 230 294 299', 'reconnect', permission],
  ['551 200/1545041', 'gone', unavailable],
  [
    '200/2018028 200/2018027 200/2018021',
    'refused',
    'The app at Meta may not write to customers yet: it is not live or not reviewed.',
  ],
  [
    '368',
    'throttle-page',
    '{channel} has blocked the page for a while because of its rules; it is tried again.',
  ],
  ['506', 'refused', '{channel} refuses the same text twice in a row.'],
  ['1200', 'retry', '{channel} could not send it now; it is tried again.'],
  ['2018300', 'refused', otherApp],
  ['2018321', 'retry', otherApp],
  ['10900', 'done', 'A private answer to this comment was sent before.'],
  ['10903', 'gone', 'This person cannot be answered in private.'],
  ['1609005', 'refused', '{channel} could not read the link in the message.'],
  ['2022', 'refused', '{channel} has switched off messages of this page.'],
]

const table = new Map(
  rows.flatMap(([codes, ...meaning]) => codes.split(' ').map((code) => [code, meaning] as const)),
)

/** Whether the same answer, sent again in the same way, would be refused again. */
export function isFinal(remedy: Remedy): boolean {
  return remedy === 'refused' || remedy === 'gone' || remedy === 'window-closed' || remedy === 'done'
}

/** `channel`: as people call it. */
export function meaningOf(failure: GraphFailure, channel = 'Facebook'): Meaning {
  const [remedy, words] = find(failure)
  return { remedy, words: words.replaceAll('{channel}', channel) }
}

function find({ code, subcode, isTransient, status }: GraphFailure): readonly [Remedy, string] {
  // Some codes of the Send API stand in the subcode, some in the code.
  const found =
    table.get(`${code}/${subcode ?? ''}`) ??
    (subcode === null ? undefined : table.get(`${subcode}`)) ??
    table.get(`${code}`)
  if (found && code !== null) return found
  if (code !== null && code > 200 && code < 300) return ['reconnect', permission]
  if (status === 429) return ['throttle-page', limited]
  if (isTransient || status === null || status >= 500)
    return ['retry', '{channel} could not be reached; it is tried again.']
  return ['refused', '{channel} did not take it.']
}
