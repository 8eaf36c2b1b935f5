/** Stops the forwarding for a while, and lets it go on. */
import { useLingui } from '@lingui/react/macro'
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'
import { Pause, Play } from 'lucide-react'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useChange } from './useChange.ts'

export function PauseButton({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const problem = useProblem()
  const change = useChange(integration.id)
  const set = (paused: boolean) =>
    change
      .mutateAsync({ paused })
      .then(() => toast(paused ? t`Paused.` : t`Messages are forwarded again.`, { tone: 'ok' }))
      .catch((error: unknown) => {
        toast(problem(error), { tone: 'bad' })
        throw error
      })
  if (integration.state === 'paused')
    return (
      <Button
        variant="primary"
        icon={<Play aria-hidden />}
        isPending={change.isPending}
        onPress={() => void set(false).catch(() => {})}
      >
        {t`Resume`}
      </Button>
    )
  return (
    <Confirm
      title={t`Pause the integration?`}
      confirm={t`Pause`}
      isHarmless
      onConfirm={() => set(true)}
      trigger={<Button icon={<Pause aria-hidden />}>{t`Pause`}</Button>}
    >
      {t`What people write meanwhile is kept, and forwarded when you resume.`}
    </Confirm>
  )
}
