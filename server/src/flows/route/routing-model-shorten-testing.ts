/** Makes a program on which the engine and the model of routing differ short enough to be read. */
import { type Program, play } from './routing-model-play-testing.ts'
import type { testCentre } from './routing-testing.ts'

const TAKES_AT_MOST_MS = 120_000

/** Leaves out halves, quarters and so on of its commands, as long as the rest still fails. */
export async function shorten(
  centre: Awaited<ReturnType<typeof testCentre>>,
  program: Program,
): Promise<{ shortest: Program; failure: string }> {
  const until = performance.now() + TAKES_AT_MOST_MS
  const failureOf = async (commands: Program['commands']): Promise<string | undefined> => {
    try {
      await play(centre, { ...program, commands })
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  let { commands } = program
  let failure =
    (await failureOf(commands)) ?? 'Played again it does not fail: something beside the program decides.'
  for (let size = commands.length >> 1; size >= 1; size = size > 1 ? size >> 1 : 0)
    for (let at = commands.length - size; at >= 0 && performance.now() < until; at -= size) {
      const fewer = commands.toSpliced(at, size)
      const message = await failureOf(fewer)
      if (message === undefined) continue
      commands = fewer
      failure = message
    }
  return { shortest: { ...program, commands }, failure }
}
