/** A new password for somebody, and whether he may sign in at all. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { FormPassword } from '../../ui/FormFields.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { FormFault } from '../common/FormFault.tsx'
import { userUsesQuery } from '../common/queries.ts'
import { Disable } from './Disable.tsx'
import { useUserRules } from './rules.ts'
import { useSaveUser } from './useSaveUser.ts'

export function Access({ user }: { user: User }) {
  const { t } = useLingui()
  return (
    <Card title={t`Signing in`}>
      <NewPassword user={user} />
      {user.secondFactor ? <LostFactor user={user} /> : null}
      <Enabled user={user} />
    </Card>
  )
}

function NewPassword({ user }: { user: User }) {
  const { t } = useLingui()
  const rules = useUserRules()
  const save = useSaveUser(user.id)
  const form = useForm({ defaultValues: { password: '' } })
  const submit = useSubmit(form, async ({ password }) => {
    await save({ password })
    form.reset()
    toast(t`The password is set. All sessions of ${user.fullname} have ended.`, { tone: 'ok' })
  })
  return (
    <form
      noValidate
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <FormFault form={form} />
      <FormPassword
        {...{ control: form.control, name: 'password' }}
        label={t`New password`}
        autoComplete="new-password"
        className="max-w-[360px]"
        description={t`12 characters or more. Setting it ends all sessions at once.`}
        rules={{ validate: (value) => rules.password(value, user.email) }}
      />
      <Button type="submit" className="self-start" isPending={form.formState.isSubmitting}>
        <Trans>Set the password</Trans>
      </Button>
    </form>
  )
}

function LostFactor({ user }: { user: User }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const reset = async () => {
    try {
      await api('DELETE /api/users/:id/second-factor', { params: { id: user.id } })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
    toast(t`The second factor of ${user.fullname} is gone, and all sessions have ended.`)
    void client.invalidateQueries({ queryKey: ['users'] })
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="text-text-2">
        <Trans>Signs in with a second factor.</Trans>
      </p>
      <Confirm
        trigger={
          <Button>
            <Trans>Take it away…</Trans>
          </Button>
        }
        title={t`Take away the second factor of ${user.fullname}?`}
        confirm={t`Take it away`}
        onConfirm={reset}
      >
        <Trans>
          For somebody who lost the phone and the recovery codes. Make sure that it is really them who asks:
          the password alone opens the desk afterwards.
        </Trans>
      </Confirm>
    </div>
  )
}

function Enabled({ user }: { user: User }) {
  const { t } = useLingui()
  const problem = useProblem()
  const save = useSaveUser(user.id)
  const enable = async () => {
    try {
      await save({ disabled: false })
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
    }
  }
  if (!user.disabled)
    return (
      <Disable
        user={user}
        trigger={
          <Button className="self-start text-bad-text">
            <Trans>Disable this user</Trans>
          </Button>
        }
        title={t`Disable ${user.fullname}?`}
        confirm={t`Disable`}
      >
        <Trans>
          All sessions end at once, and keys of this user stop working. What was written stays, and the user
          can be enabled again.
        </Trans>
      </Disable>
    )
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="text-text-2">
        <Trans>Disabled: {user.fullname} cannot sign in, and their keys do not work.</Trans>
      </p>
      <Button onPress={() => void enable()}>
        <Trans>Enable</Trans>
      </Button>
      <LeftBehind user={user} />
    </div>
  )
}

/** What was not handed over when somebody was disabled can be afterwards. */
function LeftBehind({ user }: { user: User }) {
  const { t } = useLingui()
  const uses = useQuery(userUsesQuery(user.id)).data?.rows ?? []
  if (!uses.some(({ mustMove }) => mustMove)) return null
  return (
    <Disable
      user={user}
      trigger={
        <Button>
          <Trans>Hand over…</Trans>
        </Button>
      }
      title={t`Hand over what ${user.fullname} still has?`}
      confirm={t`Hand over`}
      mustHandOver
    />
  )
}
