/** What sending an answer is given and must do, whatever the channel's way of taking it. */
import type { FormFile } from '../forms/multipart.ts'
import type { Graph } from '../graph/graph.ts'
import type { Usage } from '../graph/usage.ts'
import type { SendAs } from './window.ts'

export interface AnswerFile {
  id: string
  name: string
  type: string
  /** Signed, for a day. */
  url: string
}

export interface Answer {
  /** As the contact centre numbers it. */
  id: number
  body: string
  file: AnswerFile | null
  person: string
  /** The post; null: a direct conversation. */
  threadId: string | null
  /** A person wrote it, not a program. */
  isPerson: boolean
}

/** One call that sends; `find` looks for what may have gone out although nobody said so. */
export interface Part {
  send(): Promise<string>
  find(askedAt: Date): Promise<string | undefined>
  /** As the channel is given it; null: a file. */
  text: string | null
  /** The comment or post that it answers in private. */
  privateTo?: string
  /** How it goes, where not as it was written: sentences for the agent. */
  otherwise?: string
}

/** What a person wrote below a post, or the post itself. */
export interface Written {
  id: string
  isComment: boolean
  at: Date
  isRemoved: boolean
  /** Another answer was its private reply. */
  isUsed: boolean
}

export interface Outward {
  graph: Pick<Graph, 'call' | 'get'>
  /** What is connected. */
  pageId: string
  /** Of the page by whose token Meta is asked. */
  nodeId: string
  token: string
  answer: Answer
  /** By which the channel's echo of a part is known. */
  mark(part: number): string
  sendAs(): Promise<SendAs>
  /** Whether this answer may go out after the day, as a person's. */
  mayTag: boolean
  fetchFile(file: AnswerFile): Promise<FormFile>
  /** On the wall: what the person wrote last, below which the answer belongs. */
  placeOf(): Promise<string | undefined>
  /** What this answer was sent in private to before, or was asked to be. */
  privateBefore(): Promise<string | null>
  /** Latest first. */
  writtenInThread(): Promise<Written[]>
  isSent(messageId: string): Promise<boolean>
  noteUsage(usage: Usage): Promise<void>
}

/** Something about the answer itself, in words for the agent. */
export class Unsendable extends Error {
  override name = 'Unsendable'
}

/** A comment cannot carry the answer: why, in words for the agent. */
export class NotInPublic extends Error {
  override name = 'NotInPublic'
}
