/** What an error of the Graph API means for what was asked: its code and subcode decide, its text never. */

import type { SentenceCode } from '@patchbay/protocol/cloud-said.ts'
import { say } from '../texts/say.ts'

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
  /** A sentence for the agent, as `say` makes it. */
  words: string
}

type Row = readonly [codes: string, remedy: Remedy, code: SentenceCode]

const windowClosed = 'window-closed'
const limited = 'limited'
const permission = 'page-may-not'
const unavailable = 'person-unavailable'
const otherApp = 'other-app'
const badFile = 'bad-file'

// `code/subcode`, `code/` without a subcode, `code` with any. The most exact one counts.
const rows: readonly Row[] = [
  ['1', 'retry', 'channel-fault'],
  ['2', 'retry', 'channel-away'],
  ['2/2018344', 'refused', 'page-terms'],
  ['3', 'refused', 'app-may-not'],
  ['4', 'throttle-app', 'calls-limited'],
  ['17', 'throttle-app', 'calls-limited'],
  ['32 80001 80002 80006 613 341', 'throttle-page', limited],
  ['613/2018338', 'refused', 'against-rules'],
  ['10', 'refused', 'not-allowed'],
  ['10/', 'reconnect', permission],
  ['10/2018278 10/2018065 10/2534022', 'window-closed', windowClosed],
  ['10/2018108', 'gone', 'person-not-now'],
  ['10/1893063', 'refused', 'page-restricted'],
  ['100', 'refused', 'not-understood'],
  ['100/33', 'gone', 'post-gone'],
  ['100/2018001', 'gone', 'person-unknown'],
  ['100/2018008 100/2018294', 'retry', 'file-unread'],
  ['100/2018047 100/2018074 36000', 'refused', badFile],
  ['100/2018109', 'refused', 'file-too-large'],
  ['100/2018034', 'refused', 'empty-message'],
  ['101 102 190', 'reconnect', 'page-ended'],
  ['200 210 230 294 299', 'reconnect', permission],
  ['551 200/1545041', 'gone', unavailable],
  ['200/2018028 200/2018027 200/2018021', 'refused', 'app-not-live'],
  ['368', 'throttle-page', 'page-blocked'],
  ['506', 'refused', 'same-text'],
  ['1200', 'retry', 'not-now'],
  ['2018300', 'refused', otherApp],
  ['2018321', 'retry', otherApp],
  ['10900', 'done', 'private-sent'],
  ['10903', 'gone', 'private-not'],
  ['1609005', 'refused', 'bad-link'],
  ['2022', 'refused', 'page-off'],
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
  const [remedy, code] = find(failure)
  return { remedy, words: say(code, { channel }) }
}

function find({ code, subcode, isTransient, status }: GraphFailure): readonly [Remedy, SentenceCode] {
  // Some codes of the Send API stand in the subcode, some in the code.
  const found =
    table.get(`${code}/${subcode ?? ''}`) ??
    (subcode === null ? undefined : table.get(`${subcode}`)) ??
    table.get(`${code}`)
  if (found && code !== null) return found
  if (code !== null && code > 200 && code < 300) return ['reconnect', permission]
  if (status === 429) return ['throttle-page', limited]
  if (isTransient || status === null || status >= 500) return ['retry', 'channel-unreached']
  return ['refused', 'not-taken']
}
