/** A short word about what just happened, at the bottom start corner, with Undo where one can. */

import { useLingui } from '@lingui/react/macro'
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react'
import { Text } from 'react-aria-components/Text'
import {
  UNSTABLE_Toast as KitToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastList as ToastList,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast'
import { Button, IconButton } from './Button.tsx'

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad' | 'info'

export const toneIcons = {
  neutral: Info,
  accent: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
}

interface Message {
  text: string
  tone: Tone
  action?: { label: string; onPress: () => void }
}

const queue = new ToastQueue<Message>({ maxVisibleToasts: 3 })

/** Five seconds, paused while pointed at; with an action eight, and a failure stays until it is closed. */
export function toast(
  text: string,
  { tone = 'neutral', action }: { tone?: Tone; action?: Message['action'] } = {},
) {
  const timeout = tone === 'bad' ? undefined : action ? 8000 : 5000
  const key = queue.add(
    { text, tone, ...(action ? { action } : {}) },
    timeout === undefined ? {} : { timeout },
  )
  return () => queue.close(key)
}

export function Toasts() {
  const { t } = useLingui()
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={t`Messages`}>
      <ToastList<Message>>
        {({ toast }) => {
          const { text, tone, action } = toast.content
          const Icon = toneIcons[tone]
          return (
            <KitToast toast={toast} className="toast" data-tone={tone}>
              <Icon aria-hidden />
              <ToastContent className="min-w-0 flex-1 self-center">
                <Text slot="title">{text}</Text>
              </ToastContent>
              {action ? (
                <Button
                  size="small"
                  onPress={() => {
                    action.onPress()
                    queue.close(toast.key)
                  }}
                >
                  {action.label}
                </Button>
              ) : null}
              <IconButton slot="close" size="small" label={t`Close`} icon={<X aria-hidden />} />
            </KitToast>
          )
        }}
      </ToastList>
    </ToastRegion>
  )
}
