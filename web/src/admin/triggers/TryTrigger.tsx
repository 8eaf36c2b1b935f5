/** Whether the trigger, as it stands in the form, would fire for a sample message, and why not. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import type { Condition } from '@patchbay/protocol/api/actions.ts'
import type { Trigger } from '@patchbay/protocol/api/triggers.ts'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextArea, TextField } from '../../ui/TextField.tsx'

interface TryTriggerProps {
  values: Pick<Trigger, 'direction' | 'accountIds' | 'intervalId' | 'conditions'>
  accounts: readonly Account[]
}

export function TryTrigger({ values, accounts }: TryTriggerProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const [body, setBody] = useState('')
  const [from, setFrom] = useState('')
  const [chosen, setChosen] = useState<number>()
  const accountId = chosen ?? values.accountIds?.[0] ?? accounts[0]?.id
  const { direction, accountIds, intervalId, conditions } = values
  const trying = useMutation({
    mutationFn: (id: number) =>
      api('POST /api/openchannel/triggers/try', {
        body: {
          ...{ direction, accountIds, intervalId, conditions },
          sample: {
            accountId: id,
            direction: direction === 'out' ? 'out' : 'in',
            body,
            ...(from ? { from } : {}),
          },
        },
      }),
  })
  const result = trying.data
  const said = (list: readonly Condition[], tried: readonly { value: string; holds: boolean }[]) =>
    list.flatMap((condition, at) => {
      const one = tried[at]
      return one ? [{ name: `${condition.variable}`, ...one }] : []
    })
  const lines = result ? [...said(conditions.all, result.all), ...said(conditions.any, result.any)] : []
  if (accountId === undefined) return null
  return (
    <Card title={t`Try with a sample message`} className="max-w-[760px]">
      <div className="grid gap-4 narrow:grid-cols-2">
        <Select<number>
          label={t`Account`}
          options={accounts.map(({ id, name }) => ({ id, label: name }))}
          value={accountId}
          onChange={setChosen}
        />
        <TextField
          label={t`From`}
          description={<Trans>A known one brings the contact.</Trans>}
          value={from}
          onChange={setFrom}
        />
      </div>
      <TextArea label={t`Message`} rows={2} value={body} onChange={setBody} />
      <div>
        <Button isPending={trying.isPending} onPress={() => trying.mutate(accountId)}>
          <Trans>Try</Trans>
        </Button>
      </div>
      <div aria-live="polite" className="flex flex-col gap-2">
        {trying.error ? (
          <Banner tone="bad" isInset>
            {problem(trying.error)}
          </Banner>
        ) : result ? (
          <>
            <Banner tone={result.fires ? 'ok' : 'info'} isInset>
              {result.fires ? (
                <Trans>It would fire.</Trans>
              ) : !result.account ? (
                <Trans>It would not fire: it does not look at this account.</Trans>
              ) : !result.interval ? (
                <Trans>It would not fire: its interval is closed now.</Trans>
              ) : (
                <Trans>It would not fire.</Trans>
              )}
            </Banner>
            <ul className="flex flex-col gap-1">
              {lines.map(({ name, value, holds }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they stand as the conditions do
                <li key={at} className="text-text-2">
                  {holds ? t`Holds:` : t`Does not hold:`} <code>{name}</code>{' '}
                  {value ? <bdi>“{value}”</bdi> : t`is empty`}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </Card>
  )
}
