/** How conditions compare, in words. */
import { useLingui } from '@lingui/react/macro'
import type { ConditionOperator } from '@patchbay/protocol/api/actions.ts'

export function useOperators(): Record<ConditionOperator, string> {
  const { t } = useLingui()
  return {
    equals: t`is`,
    'not-equals': t`is not`,
    contains: t`contains`,
    'not-contains': t`does not contain`,
  }
}
