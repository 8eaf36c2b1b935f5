/** The second step of signing in: the code, or the set-up of a second factor where the role demands one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CodeWanted } from '@patchbay/protocol/api/session.ts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { AddAuthenticator } from './AddAuthenticator.tsx'
import { CodeField } from './CodeField.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

export interface SecondStepProps {
  wanted: CodeWanted
  onSignedIn: () => void
  onBack: () => void
}

export default function SecondStep({ wanted, onSignedIn, onBack }: SecondStepProps) {
  return (
    <div className="flex flex-col gap-4">
      {wanted.step === 'code' ? (
        <EnterCode challenge={wanted.challenge} onSignedIn={onSignedIn} />
      ) : (
        <SetUp challenge={wanted.challenge} onSignedIn={onSignedIn} />
      )}
      <Button variant="quiet" onPress={onBack}>
        <Trans>Begin again</Trans>
      </Button>
    </div>
  )
}

interface StepProps {
  challenge: string
  onSignedIn: () => void
}

function EnterCode({ challenge, onSignedIn }: StepProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [isRecovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const enter = useMutation({
    mutationFn: (entered: string) => api('POST /api/session/code', { body: { challenge, code: entered } }),
    onSuccess: onSignedIn,
    onError: () => setCode(''),
  })
  const error = enter.error ? problem(enter.error) : undefined
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (code) enter.mutate(code)
      }}
    >
      {isRecovery ? (
        <TextField
          key="recovery"
          autoFocus
          label={t`Recovery code`}
          name="recovery-code"
          autoComplete="off"
          isMono
          value={code}
          onChange={setCode}
          error={error}
        />
      ) : (
        <CodeField
          key="code"
          autoFocus
          value={code}
          onChange={setCode}
          onComplete={(complete) => enter.mutate(complete)}
          isPending={enter.isPending}
          error={error}
        />
      )}
      <Button
        type="submit"
        variant="primary"
        size="large"
        isWide
        isPending={enter.isPending}
        isDisabled={!code}
      >
        <Trans>Sign in</Trans>
      </Button>
      <Button
        onPress={() => {
          setCode('')
          enter.reset()
          setRecovery(!isRecovery)
        }}
      >
        {isRecovery ? <Trans>Use the authenticator</Trans> : <Trans>Use a recovery code</Trans>}
      </Button>
    </form>
  )
}

function SetUp({ challenge, onSignedIn }: StepProps) {
  const problem = useProblem()
  const [codes, setCodes] = useState<readonly string[]>()
  const begun = useQuery({
    queryKey: ['second-factor', 'set-up', challenge],
    queryFn: () => api('POST /api/session/set-up', { body: { challenge } }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (codes) {
    return (
      <>
        <RecoveryCodes codes={codes} />
        <Button variant="primary" size="large" isWide onPress={onSignedIn}>
          <Trans>I stored them</Trans>
        </Button>
      </>
    )
  }
  if (begun.error) {
    return (
      <Banner tone="bad" isInset>
        {problem(begun.error)}
      </Banner>
    )
  }
  if (!begun.data) return <SkeletonLines lines={6} />
  return (
    <>
      <p>
        <Trans>Your role needs a second factor. Set it up once, and you are signed in.</Trans>
      </p>
      <AddAuthenticator
        setUp={begun.data}
        confirm={async (code) =>
          (await api('POST /api/session/set-up/confirm', { body: { challenge, code } })).recoveryCodes
        }
        onConfirmed={setCodes}
      />
    </>
  )
}
