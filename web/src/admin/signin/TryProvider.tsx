/** Asks the server to try the provider that is written in the form, and shows what it found. */
import { Trans } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { PlugZap } from 'lucide-react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'

export function TryProvider({ read }: { read: () => { issuer: string; clientId: string } }) {
  const problem = useProblem()
  const trial = useMutation({
    mutationFn: () => {
      const { issuer, clientId } = read()
      return api('POST /api/sign-in-settings/try', {
        body: { issuer: issuer.trim(), clientId: clientId.trim() },
      })
    },
  })
  const { data, error } = trial
  return (
    <div className="flex flex-col gap-3">
      <Button
        className="self-start"
        icon={<PlugZap aria-hidden />}
        isPending={trial.isPending}
        onPress={() => trial.mutate()}
      >
        <Trans>Test the provider</Trans>
      </Button>
      {error ? (
        <Banner tone="bad" isInset>
          {problem(error)}
        </Banner>
      ) : data ? (
        <Banner tone={data.ok ? 'ok' : 'bad'} isInset>
          <ul className="flex flex-col gap-1">
            {[...data.wrong, ...data.found].map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Banner>
      ) : null}
    </div>
  )
}
