/** Ten codes for the day on which the authenticator is lost; shown this once. */
import { Trans, useLingui } from '@lingui/react/macro'
import { Download } from 'lucide-react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { saveFile } from '../common/save-file.ts'

export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useLingui()
  const text = `${codes.join('\n')}\n`
  return (
    <div className="flex flex-col gap-4">
      <Banner tone="warn" isInset>
        <Trans>
          Without your authenticator these are the only way in. Each works once. They are shown this once.
        </Trans>
      </Banner>
      <ul aria-label={t`Recovery codes`} className="grid gap-1 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap">
            <bdi dir="ltr">{code}</bdi>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} size="medium" />
        <Button
          icon={<Download aria-hidden />}
          onPress={() => saveFile('patchbay-recovery-codes.txt', `${location.origin}\n\n${text}`)}
        >
          <Trans>Download</Trans>
        </Button>
      </div>
    </div>
  )
}
