/** Why something did not work, above the form or list that it concerns; nothing while all is well. */
import type { ReactNode } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'

export function Fault({ error, action }: { error: unknown; action?: ReactNode }) {
  const problem = useProblem()
  if (!error) return null
  return (
    <Banner tone="bad" isInset action={action}>
      {problem(error)}
    </Banner>
  )
}
