/** Where one is signed in: each can be ended, or all but this one. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { OwnSession } from '@patchbay/protocol/api/sign-in.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Failed } from '../../shell/Failed.tsx'
import { Id } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Tag } from '../../ui/Mark.tsx'
import { Card } from '../../ui/Page.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toast.tsx'
import { browserName } from './browser-name.ts'
import { sessionsQuery } from './queries.ts'

export function OwnSessions() {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const sessions = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: async (id: number | 'others') => {
      if (id === 'others') await api('DELETE /api/me/sessions')
      else await api('DELETE /api/me/sessions/:id', { params: { id } })
    },
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  const rows = sessions.data?.rows
  const ways = {
    password: t`Password`,
    'second-factor': t`Password and second factor`,
    'single-sign-on': t`Single sign-on`,
  }
  return (
    <Card
      title={t`Where you are signed in`}
      isFlush
      meta={
        rows && rows.length > 1 ? (
          <Button size="small" isPending={end.isPending} onPress={() => end.mutate('others')}>
            <Trans>End all others</Trans>
          </Button>
        ) : null
      }
    >
      {sessions.isError ? (
        <Failed error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <DataTable<OwnSession, number>
          label={t`Where you are signed in`}
          rows={rows}
          rowId={({ id }) => id}
          empty={null}
          columns={[
            {
              id: 'browser',
              title: t`Browser`,
              cell: ({ userAgent, current }) => (
                <span className="flex flex-wrap items-center gap-2">
                  <bdi title={userAgent ?? ''}>{browserName(userAgent, t`Unknown`)}</bdi>
                  {current ? <Tag tone="accent">{t`This one`}</Tag> : null}
                </span>
              ),
            },
            { id: 'address', title: t`Address`, cell: ({ address }) => <Id>{address}</Id> },
            { id: 'via', title: t`Signed in by`, priority: 'low', cell: ({ via }) => ways[via] },
            {
              id: 'used',
              title: t`Last used`,
              cell: ({ lastUsedAt, current }) => (current ? t`Now` : <Time value={lastUsedAt} />),
            },
            {
              id: 'since',
              title: t`Since`,
              priority: 'low',
              cell: ({ createdAt }) => <Time value={createdAt} />,
            },
            {
              id: 'actions',
              title: t`Actions`,
              isTitleHidden: true,
              align: 'end',
              cell: ({ id, current }) =>
                current ? null : (
                  <Button size="small" onPress={() => end.mutate(id)}>
                    <Trans>End</Trans>
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Card>
  )
}
