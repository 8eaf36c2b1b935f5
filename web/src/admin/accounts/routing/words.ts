/** What the types of steps are called, and how a jump names its target. */
import { useLingui } from '@lingui/react/macro'
import type { Action, ActionType } from '@patchbay/protocol/api/actions.ts'

export function useStepWords() {
  const { t } = useLingui()
  const types: Record<ActionType, { name: string; does: string }> = {
    queue: { name: t`Queue`, does: t`Rings the agents of a queue` },
    agent: { name: t`Agent`, does: t`Rings one agent` },
    'auto-reply': { name: t`Auto reply`, does: t`Answers the customer with a text` },
    'go-to-if': { name: t`Go to if`, does: t`Goes on here or there, by a condition` },
    'go-to': { name: t`Go to`, does: t`Goes on at another step` },
    tag: { name: t`Tag`, does: t`Tags the interaction` },
    close: { name: t`Close`, does: t`Closes the interaction` },
    noop: { name: t`Line in the log`, does: t`Writes a line into the interaction’s log` },
    bot: { name: t`Bot`, does: t`Lets a program of yours talk with the customer` },
    'web-request': { name: t`Web request`, does: t`Calls an address and keeps its answer in a variable` },
  }
  const nameOf = (step: Action) => step.label || types[step.type].name
  /** `3. Sales` */
  const numbered = (step: Action, at: number) => `${at + 1}. ${nameOf(step)}`
  return {
    types,
    nameOf,
    numbered,
    /** The same, of the step with this id. */
    named: (steps: readonly Action[], id: string) => {
      const at = steps.findIndex((one) => one.id === id)
      const step = steps[at]
      return step ? numbered(step, at) : id
    },
  }
}
