/** What the flows of messages need beside the context of the program. */
import type { Context } from '../context.ts'
import type { Copies } from '../files/copies.ts'

export interface FlowContext extends Context {
  copies: Copies
  /** Of our own app, by which our own echoes are known. */
  appId: string | undefined
  /** Whether a person may answer after a day, up to seven. */
  humanAgentAllowed: boolean
  /** Counted by what became of them: new, known, unwanted or ignored. */
  events: ReturnType<Context['metrics']['counter']>
  /** There is something in the lanes. */
  ring(): void
}
