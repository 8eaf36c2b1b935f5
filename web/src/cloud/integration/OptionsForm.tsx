/** What is forwarded, to be changed and saved. */
import { useLingui } from '@lingui/react/macro'
import type { Integration, IntegrationOptions } from '@patchbay/protocol/api/cloud-integrations.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLeaveGuard } from '../../shell/useLeaveGuard.tsx'
import { Card } from '../../ui/Page.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { OptionFields } from '../common/OptionFields.tsx'
import { integrationQuery } from '../queries.ts'
import { useChange } from './useChange.ts'

export function OptionsForm({ integration }: { integration: Integration }) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const change = useChange(integration.id)
  const [changes, setChanges] = useState<Partial<IntegrationOptions>>({})
  const labels: Record<keyof IntegrationOptions, string> = {
    messenger: t`Messenger`,
    wallPosts: t`Wall posts and comments`,
    commentDepth: t`How deep`,
    wallFiles: t`Files from the wall`,
    language: t`Language`,
  }
  const { kind } = integration
  // An account on Instagram has direct messages alone.
  const names = kind === 'instagram' ? (['language'] as const) : allNames
  const saved = Object.fromEntries(allNames.map((name) => [name, integration[name]])) as IntegrationOptions
  const value = { ...saved, ...changes }
  const changed = names.filter((name) => value[name] !== saved[name])
  const guard = useLeaveGuard(changed.length > 0)
  const isNothing = !value.messenger && !value.wallPosts
  const save = () => {
    if (isNothing) return
    change.mutate(
      { ...Object.fromEntries(changed.map((name) => [name, value[name]])), version: integration.version },
      {
        onSuccess: () => setChanges({}),
        onError: (error) => {
          // Somebody saved in another window: what he saved is shown below what was changed here.
          if (error instanceof ApiError && error.code === 'GE-104')
            void client.invalidateQueries({ queryKey: integrationQuery(integration.id).queryKey })
        },
      },
    )
  }
  const error = isNothing ? t`Leave one of the two on, or pause the integration.` : undefined
  return (
    <>
      <Card title={t`What is forwarded`}>
        <OptionFields
          kind={kind}
          value={value}
          onChange={setChanges}
          canWall={!integration.health.missingPermissions.some((name) => ofTheWall.includes(name))}
        />
      </Card>
      <SaveBar
        changes={changed.map((name) => labels[name])}
        isSaving={change.isPending}
        error={error ?? (change.error ? problem(change.error) : undefined)}
        onSave={save}
        onUndo={() => {
          change.reset()
          setChanges({})
        }}
      />
      {guard}
    </>
  )
}

const allNames = ['messenger', 'wallPosts', 'commentDepth', 'wallFiles', 'language'] as const
const ofTheWall = ['pages_read_user_content', 'pages_manage_engagement']
