/** What sending an answer is given and must do, whatever the channel's way of taking it. */
import type { Parcel } from '../../lanes/lanes.ts'
import type { Bound } from '../bound.ts'
import type { FlowContext } from '../flow-context.ts'
import type { Answer } from './read-answer.ts'

/** One call that sends; `find` looks for what may have gone out although nobody said so. */
export interface Part {
  send(): Promise<string>
  find(askedAt: Date): Promise<string | undefined>
  /** The comment or post that it answers in private. */
  privateTo?: string
}

export interface Sending {
  ctx: FlowContext
  bound: Bound & { pageToken: string }
  answer: Answer
  parcel: Parcel
}

/** Something about the answer itself, in words for the agent. */
export class Unsendable extends Error {
  override name = 'Unsendable'
}

/** A comment cannot carry the answer: why, in words for the agent. */
export class NoComment extends Error {
  override name = 'NoComment'
}
