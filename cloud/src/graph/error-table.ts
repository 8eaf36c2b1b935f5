/** What each error of the Graph API is, what to do about it, and what it means for an answer: its code and subcode decide, its text never. */
import type { SentenceCode } from '@patchbay/protocol/cloud-said.ts'

/**
 * What it is:
 *   token        the token is dead: a new login is needed
 *   permission   something was not granted, or was taken back
 *   rate         too many calls: of the app, the page or the user; wait `retryAfterMs`
 *   blocked      Meta has blocked the page or the app for a while
 *   gone         the object does not exist, or is not visible any more
 *   login        the code of a login was used, or belongs to another address
 *   transient    try again later
 *   refused      anything else: the same call fails again
 */
export type GraphErrorKind =
  | 'token'
  | 'permission'
  | 'rate'
  | 'blocked'
  | 'gone'
  | 'login'
  | 'transient'
  | 'refused'

/** What to do about an answer that was to be sent. */
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
  /** Meta says so itself. */
  isTransient?: boolean
  /** Of the HTTP answer; null when there was none. */
  status: number | null
}

interface Entry {
  kind: GraphErrorKind
  remedy: Remedy
  sentence: SentenceCode
}

type Row = readonly [codes: string, kind: GraphErrorKind, remedy: Remedy, sentence: SentenceCode]

// `code/subcode`, `code/` without a subcode, `code` with any; what stands alone may be a subcode as well. The most exact one counts.
const rows: readonly Row[] = [
  ['1', 'transient', 'retry', 'channel-fault'],
  ['2', 'transient', 'retry', 'channel-away'],
  ['2/2018344', 'refused', 'refused', 'page-terms'],
  ['3', 'permission', 'refused', 'app-may-not'],
  ['4 17', 'rate', 'throttle-app', 'calls-limited'],
  ['32 80001 80002 80006 613 341', 'rate', 'throttle-page', 'limited'],
  ['613/2018338', 'refused', 'refused', 'against-rules'],
  ['10', 'refused', 'refused', 'not-allowed'],
  ['10/', 'permission', 'reconnect', 'page-may-not'],
  ['10/2018278 10/2018065 10/2534022', 'refused', 'window-closed', 'window-closed'],
  ['10/2018108', 'refused', 'gone', 'person-not-now'],
  ['10/1893063', 'refused', 'refused', 'page-restricted'],
  ['100', 'refused', 'refused', 'not-understood'],
  ['100/33', 'gone', 'gone', 'post-gone'],
  ['100/36008 100/36009', 'login', 'refused', 'not-understood'],
  ['100/2018001', 'refused', 'gone', 'person-unknown'],
  ['100/2018008 100/2018294', 'transient', 'retry', 'file-unread'],
  ['100/2018047 100/2018074 36000', 'refused', 'refused', 'bad-file'],
  ['100/2018109', 'refused', 'refused', 'file-too-large'],
  ['100/2018034', 'refused', 'refused', 'empty-message'],
  ['101', 'refused', 'reconnect', 'page-ended'],
  ['102 190', 'token', 'reconnect', 'page-ended'],
  ['200', 'permission', 'reconnect', 'page-may-not'],
  ['551 200/1545041', 'refused', 'gone', 'person-unavailable'],
  ['200/2018028 200/2018027 200/2018021', 'refused', 'refused', 'app-not-live'],
  ['368', 'blocked', 'throttle-page', 'page-blocked'],
  ['506', 'refused', 'refused', 'same-text'],
  ['1200', 'transient', 'retry', 'not-now'],
  ['2018300', 'refused', 'refused', 'other-app'],
  ['2018321', 'transient', 'retry', 'other-app'],
  ['10900', 'refused', 'done', 'private-sent'],
  ['10903', 'refused', 'gone', 'private-not'],
  ['1609005', 'refused', 'refused', 'bad-link'],
  ['2022', 'refused', 'refused', 'page-off'],
]

const table = new Map(
  rows.flatMap(([codes, kind, remedy, sentence]) =>
    codes.split(' ').map((code): [string, Entry] => [code, { kind, remedy, sentence }]),
  ),
)
const permission: Entry = { kind: 'permission', remedy: 'reconnect', sentence: 'page-may-not' }
const limited: Entry = { kind: 'rate', remedy: 'throttle-page', sentence: 'limited' }
const unreached: Entry = { kind: 'transient', remedy: 'retry', sentence: 'channel-unreached' }
const notTaken: Entry = { kind: 'refused', remedy: 'refused', sentence: 'not-taken' }

export function lookUp({ code, subcode, isTransient, status }: GraphFailure): Entry {
  const found = code === null ? undefined : find(code, subcode)
  if (found && !(isTransient && found.kind === 'refused' && found.remedy === 'refused')) return found
  if (code !== null && code > 200 && code < 300) return permission
  if (status === 429) return limited
  return isTransient || status === null || status >= 500 ? unreached : notTaken
}

/** Some codes of the Send API stand in the subcode, some in the code. */
function find(code: number, subcode: number | null): Entry | undefined {
  return (
    table.get(`${code}/${subcode ?? ''}`) ??
    (subcode === null ? undefined : table.get(`${subcode}`)) ??
    table.get(`${code}`)
  )
}
