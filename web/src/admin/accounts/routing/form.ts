/** What the form of every type of step is given. */
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Action } from '@patchbay/protocol/api/actions.ts'

export interface FormProps<S extends Action> {
  step: S
  steps: readonly Action[]
  account: Account
  /** The field that the server complains about. */
  fault: string | undefined
  onChange: (step: Action) => void
}
