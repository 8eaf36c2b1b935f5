/** For a user who has no password yet: send the invitation again, or take its link to hand it over. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'

export function Invitation({ user }: { user: User }) {
  const { t } = useLingui()
  const problem = useProblem()
  const [url, setUrl] = useState<string | null>(null)
  const invite = useMutation({
    mutationFn: (mail: boolean) =>
      api('POST /api/users/:id/invitation', { params: { id: user.id }, body: { mail } }),
    onSuccess: (answer) => {
      if (answer.url) setUrl(answer.url)
      else toast(t`The invitation is on its way to ${user.email}.`, { tone: 'ok' })
    },
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <Card title={t`Invitation`}>
      <p className="text-text-2">
        <Trans>
          {user.fullname} has not chosen a password yet. The link in the mail works once and for seven days; a
          new one takes its place. Without a mail server, copy the link and hand it over by a safe way.
        </Trans>
      </p>
      <div className="flex flex-wrap gap-2">
        <Button isPending={invite.isPending && invite.variables === true} onPress={() => invite.mutate(true)}>
          <Trans>Send the invitation again</Trans>
        </Button>
        <Button
          variant="quiet"
          isPending={invite.isPending && invite.variables === false}
          onPress={() => invite.mutate(false)}
        >
          <Trans>Show a link instead</Trans>
        </Button>
      </div>
      {url ? <LinkShownOnce name={user.fullname} url={url} onDone={() => setUrl(null)} /> : null}
    </Card>
  )
}

function LinkShownOnce({ name, url, onDone }: { name: string; url: string; onDone: () => void }) {
  const { t } = useLingui()
  return (
    <Dialog
      isOpen
      onOpenChange={onDone}
      isDismissable={false}
      title={t`The link for ${name}`}
      footer={(close) => (
        <Button size="large" variant="primary" onPress={close}>
          <Trans>I copied it</Trans>
        </Button>
      )}
    >
      <div className="flex flex-col gap-4">
        <Banner tone="warn" isInset>
          <Trans>
            It is shown this once, and whoever has it can sign in as this user. Links sent before are void.
          </Trans>
        </Banner>
        <CopyField label={t`Link`} value={url} />
      </div>
    </Dialog>
  )
}
