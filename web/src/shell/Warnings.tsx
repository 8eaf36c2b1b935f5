/** What an admin should know about the installation, until he puts it aside for this session. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { lazy, Suspense, useState } from 'react'
import { useMe } from '../api/queries.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { patient } from '../ui/patient.ts'

const Viewing = lazy(patient(() => import('./Viewing.tsx')))

const words: Record<string, MessageDescriptor> = {
  'insecure-cookie': msg`This installation is reached without TLS: sign-ins can be read on the way. Put a TLS proxy in front and set PUBLIC_URL to its https address.`,
}

export function Warnings() {
  const { viewer } = useMe()
  return (
    <>
      <Suspense>{viewer ? <Viewing /> : null}</Suspense>
      <Known />
    </>
  )
}

function Known() {
  const { i18n, t } = useLingui()
  const { warnings } = useMe()
  const [put, setPut] = useState<readonly string[]>([])
  return warnings
    .filter((code) => !put.includes(code))
    .map((code) => (
      <Banner
        key={code}
        tone="warn"
        action={
          <Button size="small" variant="quiet" onPress={() => setPut([...put, code])}>
            {t`Understood`}
          </Button>
        }
      >
        {words[code] ? i18n._(words[code]) : code}
      </Banner>
    ))
}
