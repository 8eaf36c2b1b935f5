/** A code that an admin of the contact centre reads out, and the question whether it is the right one. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Server } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useProblem } from '../../api/useProblem.ts'
import { Id } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { Remaining } from '../../ui/Time.tsx'
import { cloud } from '../api.ts'
import type { Target } from './draft.ts'

/** Without the spaces and hyphens that it may be written with. */
const plain = (code: string) => code.replace(/[\s-]/g, '').toUpperCase()
const codeLength = 8

export interface PairFormProps {
  back: ReactNode
  onPaired: (target: Target) => void
}

export function PairForm({ back, onPaired }: PairFormProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [code, setCode] = useState('')
  const [wasTried, setTried] = useState(false)
  const pairingCode = plain(code)
  const isWhole = pairingCode.length === codeLength
  const look = useMutation({
    mutationFn: () => cloud('POST /api/pairings/look', { body: { pairingCode } }),
  })
  const found = look.data
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (found) onPaired({ pairingCode, serverName: found.serverName, host: found.host })
        else if (isWhole) look.mutate()
      }}
    >
      <TextField
        label={t`Pairing code`}
        description={t`8 characters. An admin of the contact centre makes it on the Connect tab of the account; it works once, within ten minutes.`}
        name="pairing-code"
        autoComplete="off"
        spellCheck="false"
        isMono
        className="max-w-[420px]"
        maxLength={20}
        value={code}
        onChange={(next) => {
          setCode(next)
          look.reset()
        }}
        error={
          look.error
            ? problem(look.error)
            : wasTried && !isWhole
              ? t`Write all of its 8 characters.`
              : undefined
        }
      />
      {found ? (
        <section
          role="status"
          className="flex items-start gap-3 rounded-card border border-accent bg-selected p-4"
        >
          <Server aria-hidden className="mt-0.5" />
          <div className="flex min-w-0 flex-col gap-1 [overflow-wrap:anywhere]">
            <bdi className="text-h4">{found.serverName}</bdi>
            <Id>{found.host}</Id>
            <p className="text-text-2">
              <Trans>Is this your contact centre? The messages of your page will go there.</Trans>
            </p>
            <p className="text-small text-text-2">
              <Trans>
                The code works for another <Remaining until={found.expiresAt} />.
              </Trans>
            </p>
          </div>
        </section>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2 border-t border-border pt-4">
        {back}
        <Button type="submit" variant="primary" isPending={look.isPending}>
          {found ? <Trans>Yes, continue</Trans> : <Trans>Look it up</Trans>}
        </Button>
      </div>
    </form>
  )
}
