/** A Reply URL to enter and to try, before it is saved. */
import { Trans } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Zap } from 'lucide-react'
import { api } from '../../../api/api.ts'
import { useProblem } from '../../../api/useProblem.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { TextField, type TextFieldProps } from '../../../ui/TextField.tsx'
import { TestOutcome } from './TestOutcome.tsx'

export interface ReplyFieldProps
  extends Pick<TextFieldProps, 'label' | 'isLabelHidden' | 'description' | 'error' | 'inputRef' | 'onBlur'> {
  accountId: number
  value: string
  onChange: (value: string) => void
  /** Told of every trial that went well, with the address. */
  onTested?: (replyUrl: string) => void
}

export function ReplyField({ accountId, value, onChange, onTested, ...props }: ReplyFieldProps) {
  const problem = useProblem()
  const test = useMutation({
    mutationFn: (replyUrl: string) =>
      api('POST /api/openchannel/accounts/:id/try-reply', { params: { id: accountId }, body: { replyUrl } }),
    onSuccess: ({ ok }, replyUrl) => {
      if (ok) onTested?.(replyUrl)
    },
  })
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex items-start gap-2">
        <TextField
          {...props}
          name="replyUrl"
          type="url"
          isMono
          placeholder="https://api.example.com/reply"
          value={value}
          onChange={(text) => {
            test.reset()
            onChange(text)
          }}
          className="flex-1"
        />
        <Button
          icon={<Zap aria-hidden />}
          className={props.isLabelHidden ? '' : 'mt-5'}
          isDisabled={value.trim() === ''}
          isPending={test.isPending}
          onPress={() => test.mutate(value.trim())}
        >
          <Trans>Test</Trans>
        </Button>
      </div>
      {test.data ? <TestOutcome trial={test.data} /> : null}
      {test.error ? (
        <Banner tone="bad" isInset>
          {problem(test.error)}
        </Banner>
      ) : null}
    </div>
  )
}
