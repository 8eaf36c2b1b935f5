/** What an entry of the audit log changed, field by field. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CloudAuditEntry } from '@patchbay/protocol/api/cloud-audit.ts'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { fieldNames, isSecret, useFieldWords } from './fields.ts'

const mostShown = 4

export function Difference({ entry: { before, after } }: { entry: CloudAuditEntry }) {
  const { t } = useLingui()
  const { nameOf, wordsOf } = useFieldWords()
  const [isWhole, setWhole] = useState(false)
  const lines = fieldNames.flatMap((field) => {
    if (isSecret(after?.[field])) return [{ field, was: undefined, is: t`New; it is not shown here` }]
    const [was, is] = [wordsOf(field, before?.[field]), wordsOf(field, after?.[field])]
    return was === is ? [] : [{ field, was, is }]
  })
  if (lines.length === 0) return <span className="text-text-3">–</span>
  const shown = isWhole ? lines : lines.slice(0, mostShown)
  const rest = lines.length - shown.length
  return (
    <div className="flex min-w-0 flex-col items-start gap-1">
      <dl className="flex min-w-0 flex-col gap-1 text-small">
        {shown.map(({ field, was, is }) => (
          <div key={field} className="flex flex-wrap gap-x-2">
            <dt className="text-text-2">{nameOf(field)}</dt>
            <dd className="flex min-w-0 flex-wrap gap-x-2 [overflow-wrap:anywhere]">
              {was === undefined ? null : <del className="text-text-2">{was}</del>}
              {is === undefined ? null : (
                <ins className="no-underline">
                  {was === undefined ? null : <span aria-hidden>→ </span>}
                  {is}
                </ins>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {rest > 0 ? (
        <Button variant="text" size="small" className="-ms-2" onPress={() => setWhole(true)}>
          <Trans>and {rest} more</Trans>
        </Button>
      ) : null}
    </div>
  )
}
