/** Step three: the contact centre that gets the messages, by its address and a key, or by a code. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { FacebookStatus } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Id } from '../../ui/Bidi.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { setDraft, type Target, useDraft } from './draft.ts'
import { PairForm } from './PairForm.tsx'
import { TargetForm } from './TargetForm.tsx'

export function TargetStep({ status }: { status: FacebookStatus }) {
  const { t } = useLingui()
  const navigate = useNavigate()
  const draft = useDraft()
  const [way, setWay] = useState<'code' | 'address'>(
    draft.target && 'receiveUrl' in draft.target ? 'address' : 'code',
  )
  const choose = (target: Target) => {
    setDraft({ ...draft, target })
    void navigate({ href: '/connect?step=options' })
  }
  const back = (
    <LinkButton href="/connect?step=page">
      <Trans>Back</Trans>
    </LinkButton>
  )
  return (
    <Card title={t`Which contact centre?`}>
      <Segments
        label={t`How to name it`}
        size="medium"
        selected={way}
        onSelect={setWay}
        items={[
          { id: 'code', label: t`Pairing code` },
          { id: 'address', label: t`Receive URL and key` },
        ]}
      />
      {way === 'code' ? (
        <PairForm back={back} onPaired={choose} />
      ) : (
        <TargetForm
          back={back}
          saved={draft.target && 'receiveUrl' in draft.target ? draft.target : undefined}
          submit={t`Continue`}
          onChecked={choose}
        />
      )}
      {status.egressIps.length > 0 ? (
        <p className="text-small text-text-2">
          <Trans>
            A contact centre that keeps a list of allowed callers has to allow{' '}
            <Id>{status.egressIps.join(', ')}</Id>.
          </Trans>
        </p>
      ) : null}
    </Card>
  )
}
