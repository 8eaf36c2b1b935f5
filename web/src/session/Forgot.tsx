/** Asking for a new password by mail. The answer is the same whether or not anybody has the address. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { MailCheck } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/api.ts'
import { useProblem } from '../api/useProblem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, LinkButton, TextLink } from '../ui/Button.tsx'
import { EmptyState } from '../ui/Page.tsx'
import { TextField } from '../ui/TextField.tsx'
import { Alone } from './Alone.tsx'

export function Forgot() {
  const { t } = useLingui()
  const problem = useProblem()
  const [email, setEmail] = useState('')
  const isWhole = /^[^@\s]+@[^@\s]+$/.test(email.trim())
  const ask = useMutation({
    mutationFn: () => api('POST /api/password-resets', { body: { email: email.trim() } }),
  })
  return (
    <Alone title={t`Forgot password`}>
      {ask.isSuccess ? (
        <EmptyState
          icon={<MailCheck aria-hidden />}
          title={t`Look into your mail`}
          action={
            <LinkButton href="/signin" variant="primary">
              <Trans>Back to signing in</Trans>
            </LinkButton>
          }
        >
          <Trans>
            If somebody here has the address {email.trim()}, a link is on its way. It works once, within an
            hour. Nothing came? Look among the spam, then ask your admin.
          </Trans>
        </EmptyState>
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            if (isWhole) ask.mutate()
          }}
        >
          <p className="text-text-2">
            <Trans>We send you a link with which you set a new password.</Trans>
          </p>
          {ask.error ? (
            <Banner tone="bad" isInset>
              {problem(ask.error)}
            </Banner>
          ) : null}
          <TextField
            autoFocus
            label={t`E-mail`}
            type="email"
            name="email"
            autoComplete="username"
            isRequired
            value={email}
            onChange={setEmail}
          />
          <Button
            type="submit"
            variant="primary"
            size="large"
            isWide
            isPending={ask.isPending}
            isDisabled={!isWhole}
          >
            <Trans>Send the link</Trans>
          </Button>
          <TextLink href="/signin">
            <Trans>Back to signing in</Trans>
          </TextLink>
        </form>
      )}
    </Alone>
  )
}
