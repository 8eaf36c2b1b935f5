/** The secret as a picture and as text, and the first code that proves it was taken. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { SecondFactorSetUp } from '@patchbay/protocol/api/sign-in.ts'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { CopyField } from '../../ui/CopyField.tsx'
import { CodeField } from './CodeField.tsx'
import { QrCode } from './QrCode.tsx'

export interface AddAuthenticatorProps {
  setUp: SecondFactorSetUp
  /** Answers the recovery codes. */
  confirm: (code: string) => Promise<readonly string[]>
  onConfirmed: (recoveryCodes: readonly string[]) => void
}

export function AddAuthenticator({ setUp, confirm, onConfirmed }: AddAuthenticatorProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [code, setCode] = useState('')
  const confirming = useMutation({ mutationFn: confirm, onSuccess: onConfirmed, onError: () => setCode('') })
  return (
    <div className="flex flex-col gap-4">
      <p className="text-text-2">
        <Trans>
          Scan this with an authenticator on your phone, such as Aegis, 2FAS or Google Authenticator, or paste
          the secret into a password manager.
        </Trans>
      </p>
      <QrCode text={setUp.uri} label={t`QR code of the secret`} />
      <CopyField label={t`Secret`} value={setUp.secret} />
      <CodeField
        autoFocus
        value={code}
        onChange={setCode}
        onComplete={(complete) => confirming.mutate(complete)}
        isPending={confirming.isPending}
        error={confirming.error ? problem(confirming.error) : undefined}
      />
    </div>
  )
}
