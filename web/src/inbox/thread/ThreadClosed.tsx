/** In place of the composer: the interaction is closed, and how it ended. */
import { Trans, useLingui } from '@lingui/react/macro'
import { RotateCcw } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { useGo } from '../address.ts'
import { wishFocus } from '../focus.ts'
import { useChange } from './useChanges.ts'

export function ThreadClosed({ id, disposition }: { id: number; disposition: string | null }) {
  const { t } = useLingui()
  const { open } = useGo()
  const reopening = useChange('POST /api/openchannel/interactions/:id/reopen', () => {
    open(id, 'mine')
    wishFocus('composer', id)
  })
  return (
    <footer className="thread-closed">
      <span>
        <Trans>This interaction is closed.</Trans>
      </span>
      {disposition ? <Tag>{disposition}</Tag> : null}
      <Button
        icon={<RotateCcw aria-hidden />}
        isPending={reopening.isPending}
        onPress={() => reopening.mutate({ params: { id } })}
      >
        {t`Reopen`}
      </Button>
    </footer>
  )
}
