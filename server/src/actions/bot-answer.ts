/** Reads what a bot answers: strictly, since it comes from outside and decides what a customer reads. */
import { parseJson, UnreadableJson } from '@patchbay/kit/json.ts'
import { BotAnswer } from '@patchbay/protocol/bot.ts'
import { Compile } from 'typebox/compile'

const check = Compile(BotAnswer)

export interface BotSays {
  replies: string[]
  vars: Record<string, string>
  next: { type: 'hand-over' } | { type: 'keep-talking' } | { type: 'go-to'; step: string | null }
}

/** The fault is the end of a sentence that begins with the bot. */
export function readBotAnswer(body: Buffer, isStep: (id: string) => boolean): BotSays | { fault: string } {
  let answer: unknown
  try {
    answer = parseJson(body.toString('utf8'))
  } catch (error) {
    if (error instanceof UnreadableJson) return { fault: 'answered what is not readable JSON' }
    throw error
  }
  if (!check.Check(answer)) {
    const [error] = check.Errors(answer)
    return {
      fault: `answered ${where(error?.instancePath ?? '')} that is not usable: ${error?.message ?? ''}`,
    }
  }
  const { replies = [], variables = {}, next = 'hand-over', step } = answer
  if (next === 'go-to' && step === undefined) return { fault: 'answered go-to without a step' }
  if (next === 'go-to' && typeof step === 'string' && !isStep(step))
    return { fault: `sends on to ${step}, which is no step of this flow` }
  return {
    replies: replies.map(clean),
    vars: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, clean(String(value))])),
    next: next === 'go-to' ? { type: next, step: step ?? null } : { type: next },
  }
}

function where(path: string): string {
  return path === '' ? 'something' : path.slice(1).replaceAll('/', '.').slice(0, 100)
}

/** PostgreSQL keeps no U+0000, and no half of a pair. */
export function clean(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed()
}
