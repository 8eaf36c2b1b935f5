/** What became of an answer: an icon and its word, which opens the whole way; for one that failed why, and Retry. */
import { useLingui } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { Check, CheckCheck, CircleAlert, Clock, RotateCw } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Button } from '../../ui/Button.tsx'
import { patient } from '../../ui/patient.ts'
import { toast } from '../../ui/Toast.tsx'
import { timeOfDay } from '../../ui/time.ts'
import type { MessageItem } from './entries.ts'

const Hops = lazy(patient(() => import('./Hops.tsx')))

interface MessageStatusProps {
  interactionId: number
  message: MessageItem['message']
}

export function MessageStatus(props: MessageStatusProps) {
  const { t, i18n } = useLingui()
  const { status, statusReason: reason, nextAttemptAt } = props.message
  // Why it is tried again, or how it went where not as it was written.
  const how = reason ? ` · ${reason}` : ''
  switch (status) {
    case 'failed':
      return <Failed {...props} />
    case 'retrying':
      return (
        <Told {...props} icon={<RotateCw aria-hidden />}>
          {nextAttemptAt === null
            ? t`Retrying`
            : t`Retrying at ${timeOfDay(Date.parse(nextAttemptAt), i18n.locale)}`}
          {how}
        </Told>
      )
    case 'sending':
      return <Told {...props} icon={<Clock aria-hidden />}>{t`Sending`}</Told>
    case 'sent':
      return (
        <Told {...props} icon={<Check aria-hidden />}>
          {t`Sent`}
          {how}
        </Told>
      )
    case 'delivered':
      return (
        <Told {...props} icon={<CheckCheck aria-hidden />}>
          {t`Delivered`}
          {how}
        </Told>
      )
    case 'read':
      return (
        <Told {...props} icon={<CheckCheck aria-hidden className="text-accent-text" />}>
          {t`Read`}
          {how}
        </Told>
      )
    default:
      return <Told {...props} icon={<Clock aria-hidden />}>{t`Queued`}</Told>
  }
}

/** The word is what is read; the icon only helps to find it. A plain button, since every bubble has one. */
function Told({ icon, children, ...message }: MessageStatusProps & { icon: ReactNode; children: ReactNode }) {
  const anchor = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  if (isOpen && !wasOpened) setWasOpened(true)
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="status-word"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {icon}
        <span>{children}</span>
      </button>
      {wasOpened ? (
        <Suspense>
          <Hops {...message} anchor={anchor} isOpen={isOpen} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
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
      <Told {...props} icon={<CircleAlert aria-hidden />}>
        {reason ? t`Not delivered: ${reason}` : t`Not delivered`}
      </Told>
      <Button variant="text" size="small" isPending={retry.isPending} onPress={() => retry.mutate()}>
        {t`Retry`}
      </Button>
    </>
  )
}
