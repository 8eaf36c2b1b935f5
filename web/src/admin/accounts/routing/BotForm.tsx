/** The form of a bot: its address, its secret, how long it may take and where the flow goes on without it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ActionOf } from '@patchbay/protocol/api/actions.ts'
import { Button } from '../../../ui/Button.tsx'
import { PasswordField, TextField } from '../../../ui/TextField.tsx'
import type { FormProps } from './form.ts'
import { Jump } from './Jump.tsx'
import { Seconds } from './Seconds.tsx'
import { isKept } from './steps.ts'

export function BotForm({ step, steps, account, fault, onChange }: FormProps<ActionOf<'bot'>>) {
  const { t } = useLingui()
  const { secret: _, ...withoutSecret } = step
  const wasKept = isKept(account.actions, step.id)
  return (
    <>
      <TextField
        label={t`Address`}
        placeholder="https://"
        type="url"
        isMono
        maxLength={2000}
        value={step.url}
        onChange={(url) => onChange({ ...step, url })}
        error={fault === 'url' ? t`Look at this address.` : undefined}
      />
      <div className="flex flex-col items-start gap-2">
        <PasswordField
          className="w-full"
          label={t`Secret`}
          autoComplete="off"
          description={
            step.secret === null
              ? t`One is stored. Write only to replace it.`
              : t`Empty: the account’s own secret signs what is asked.`
          }
          maxLength={200}
          value={step.secret ?? ''}
          onChange={(secret) =>
            onChange(secret ? { ...step, secret } : wasKept ? { ...step, secret: null } : withoutSecret)
          }
          error={fault === 'secret' ? t`whsec_ and base64, as openssl writes it.` : undefined}
        />
        {step.secret === null ? (
          <Button size="small" onPress={() => onChange(withoutSecret)}>
            <Trans>Sign with the account’s secret</Trans>
          </Button>
        ) : null}
      </div>
      <div className="grid gap-4 narrow:grid-cols-2">
        <Seconds
          label={t`Waits for an answer`}
          description={t`The bot for 10 seconds at most, the customer for all of it.`}
          maxValue={86_400}
          value={step.timeoutSeconds}
          onChange={(timeoutSeconds) => onChange({ ...step, timeoutSeconds })}
        />
        <Jump
          label={t`Without an answer, go to`}
          none={t`The next step`}
          of={step}
          steps={steps}
          value={step.onTimeout ?? null}
          onChange={(onTimeout) => onChange({ ...step, onTimeout })}
        />
      </div>
    </>
  )
}
