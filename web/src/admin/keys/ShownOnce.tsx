/** A key just made: shown this once, closed only by who says that it is stored. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Download } from 'lucide-react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyField } from '../../ui/CopyField.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { saveFile } from '../common/save-file.ts'
import { envFile } from './scopes.ts'

export interface FreshKey {
  name: string
  key: string
}

export function ShownOnce({ fresh, onStored }: { fresh: FreshKey; onStored: () => void }) {
  const { t } = useLingui()
  return (
    <Dialog
      isOpen
      onOpenChange={onStored}
      isDismissable={false}
      title={t`Store this key now`}
      footer={(close) => (
        <Button size="large" variant="primary" onPress={close}>
          <Trans>I stored it</Trans>
        </Button>
      )}
    >
      <div className="flex flex-col gap-4">
        <Banner tone="warn" isInset>
          <Trans>It is shown this once. We keep only its fingerprint.</Trans>
        </Banner>
        <CopyField label={fresh.name} value={fresh.key} />
        <Button
          className="self-start"
          icon={<Download aria-hidden />}
          onPress={() => saveFile('patchbay.env', envFile(fresh.key, location.origin))}
        >
          <Trans>Download .env</Trans>
        </Button>
      </div>
    </Dialog>
  )
}
