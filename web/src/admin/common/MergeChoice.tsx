/** Somebody else saved while this form was being changed: field by field, theirs or mine. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { RadioGroup } from '../../ui/Choice.tsx'
import type { SavedForm } from './useSavedForm.ts'

export interface MergeChoiceProps {
  conflict: NonNullable<SavedForm['conflict']>
  labels: Readonly<Record<string, string>>
}

export function MergeChoice({ conflict, labels }: MergeChoiceProps) {
  const { t } = useLingui()
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set())
  const words = useWords()
  const clashing = conflict.differences.filter(({ isClash }) => isClash)
  const theirsAlone = conflict.differences.filter(({ isClash }) => !isClash)
  const choose = (name: string, isTheirs: boolean) => {
    const next = new Set(taken)
    if (isTheirs) next.add(name)
    else next.delete(name)
    setTaken(next)
  }
  return (
    <div className="flex flex-col gap-4">
      <Banner tone="warn" isInset>
        <Trans>Somebody else saved a change meanwhile.</Trans>{' '}
        {clashing.length > 0 ? (
          <Trans>Choose for each field that both of you changed.</Trans>
        ) : (
          <Trans>It does not touch what you changed.</Trans>
        )}
      </Banner>
      {clashing.map(({ name, mine, theirs }) => (
        <RadioGroup
          key={name}
          label={labels[name] ?? name}
          value={taken.has(name) ? 'theirs' : 'mine'}
          onChange={(value) => choose(name, value === 'theirs')}
          options={[
            { id: 'mine', label: t`Mine: ${words(mine)}` },
            { id: 'theirs', label: t`Theirs: ${words(theirs)}` },
          ]}
        />
      ))}
      {theirsAlone.length > 0 ? (
        <ul className="flex flex-col gap-1 text-text-2">
          {theirsAlone.map(({ name, theirs }) => (
            <li key={name}>
              {labels[name] ?? name}: <bdi>{words(theirs)}</bdi>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button onPress={conflict.takeTheirs}>
          <Trans>Drop mine, take theirs</Trans>
        </Button>
        <Button variant="primary" onPress={() => conflict.merge(taken)}>
          <Trans>Merge</Trans>
        </Button>
      </div>
    </div>
  )
}

/** A value of a form in words, short enough to compare. */
function useWords() {
  const { t } = useLingui()
  return (value: unknown): string => {
    if (value === true) return t`yes`
    if (value === false) return t`no`
    if (value === '' || value === null || value === undefined || Number.isNaN(value)) return t`empty`
    if (Array.isArray(value))
      return value.every((one) => typeof one !== 'object')
        ? value.join(', ') || t`empty`
        : t`${value.length} entries`
    return typeof value === 'object' ? t`changed` : String(value)
  }
}
