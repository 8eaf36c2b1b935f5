/** What became of an answer: an icon and its word, and for one that failed why, Retry and Details. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Check, CheckCheck, CircleAlert, Clock, RotateCw } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { toast } from '../../ui/Toast.tsx'
import { timeOfDay } from '../../ui/time.ts'
import type { MessageItem } from './entries.ts'

const MessageDetails = lazy(() => import('./MessageDetails.tsx'))

interface MessageStatusProps {
  interactionId: number
  message: MessageItem['message']
}

export function MessageStatus(props: MessageStatusProps) {
  const { t, i18n } = useLingui()
  const { status, statusReason: reason, nextAttemptAt } = props.message
  switch (status) {
    case 'failed':
      return <Failed {...props} />
    case 'retrying':
      return (
        <Told icon={<RotateCw aria-hidden />}>
          {nextAttemptAt === null
            ? t`Retrying`
            : t`Trying again at ${timeOfDay(Date.parse(nextAttemptAt), i18n.locale)}`}
          {reason ? ` · ${reason}` : ''} <Details {...props} />
        </Told>
      )
    case 'sent':
      return <Told icon={<Check aria-hidden />}>{t`Sent`}</Told>
    case 'delivered':
      return <Told icon={<CheckCheck aria-hidden />}>{t`Delivered`}</Told>
    case 'read':
      return <Told icon={<CheckCheck aria-hidden className="text-accent-text" />}>{t`Read`}</Told>
    default:
      return <Told icon={<Clock aria-hidden />}>{t`Sending`}</Told>
  }
}

/** The word is what is read; the icon only helps to find it. */
function Told({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <>
      {icon}
      <span>{children}</span>
    </>
  )
}

function Failed(props: MessageStatusProps) {
  const { t } = useLingui()
  const problem = useProblem()
  const { id, statusReason: reason } = props.message
  const retry = useMutation({
    mutationFn: () => api('POST /api/openchannel/messages/:id/retry', { params: { id } }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <>
      <CircleAlert aria-hidden />
      <span>{reason ? t`Not delivered: ${reason}` : t`Not delivered`}</span>
      <Button variant="text" size="small" isPending={retry.isPending} onPress={() => retry.mutate()}>
        {t`Retry`}
      </Button>
      <Details {...props} />
    </>
  )
}

function Details(props: MessageStatusProps) {
  const { t } = useLingui()
  return (
    <Popover
      label={t`Details of the delivery`}
      placement="top end"
      trigger={
        <Button variant="text" size="small">
          {t`Details`}
        </Button>
      }
    >
      <Suspense fallback={<Trans>Loading</Trans>}>
        <MessageDetails {...props} />
      </Suspense>
    </Popover>
  )
}
