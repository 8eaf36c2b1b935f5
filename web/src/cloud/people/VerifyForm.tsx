/** Where the mailed code goes: typed or pasted, it is sent once its eight digits are there. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { CodeField } from '../../ui/CodeField.tsx'
import { CodeSent } from './CodeSent.tsx'
import { SendAgain } from './SendAgain.tsx'
import type { Asked } from './useAsked.ts'

export const codeDigits = 8

export interface VerifyFormProps {
  asked: Asked
  verify: (code: string) => Promise<void>
  onBack: () => void
  again: { send: () => void; isPending: boolean; error: unknown } | undefined
}

export function VerifyForm({ asked, verify, onBack, again }: VerifyFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [code, setCode] = useState('')
  const check = useMutation({ mutationFn: (whole: string) => verify(whole), onError: () => setCode('') })
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.length === codeDigits && !check.isPending) check.mutate(code)
      }}
    >
      <CodeSent email={asked.email} onBack={onBack} />
      <CodeField
        autoFocus
        label={t`Code`}
        description={t`It is sent by itself once all ${codeDigits} digits are there.`}
        digits={codeDigits}
        value={code}
        onChange={(next) => {
          setCode(next)
          if (next) check.reset()
        }}
        onComplete={(complete) => check.mutate(complete)}
        isPending={check.isPending}
        error={check.error ? problem(check.error) : undefined}
      />
      <p role="status" className="text-text-2 empty:hidden">
        {check.isPending ? <Trans>Looking at the code…</Trans> : null}
      </p>
      {again?.error ? (
        <Banner tone="bad" isInset>
          {problem(again.error)}
        </Banner>
      ) : null}
      {again ? <SendAgain sentAt={asked.at} isPending={again.isPending} onSend={again.send} /> : null}
    </form>
  )
}
