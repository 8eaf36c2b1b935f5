/** The toasts on the screen. Loaded with the first one. */
import { useLingui } from '@lingui/react/macro'
import { X } from 'lucide-react'
import {
  UNSTABLE_Toast as KitToast,
  UNSTABLE_ToastRegion as KitToastRegion,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastList as ToastList,
} from 'react-aria-components/Toast'
import { Button, IconButton } from './Button.tsx'
import { type ToastMessage, toastQueue } from './Toast.tsx'
import { toneIcons } from './tone.ts'

export default function ToastRegion() {
  const { t } = useLingui()
  return (
    <KitToastRegion queue={toastQueue} className="toasts" aria-label={t`Messages`}>
      <ToastList<ToastMessage>>
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
                    toastQueue.close(toast.key)
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
    </KitToastRegion>
  )
}
