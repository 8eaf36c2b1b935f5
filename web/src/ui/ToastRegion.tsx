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
import { Button, IconButton, LinkButton } from './Button.tsx'
import { type ToastMessage, toastQueue } from './Toast.tsx'
import { toneIcons } from './tone.ts'

export default function ToastRegion() {
  const { t } = useLingui()
  return (
    <KitToastRegion queue={toastQueue} className="toasts" aria-label={t`Messages`}>
      <ToastList<ToastMessage>>
        {({ toast }) => {
          const { text, tone, detail, action, link } = toast.content
          const close = () => toastQueue.close(toast.key)
          const isLong = detail !== undefined
          const Icon = toneIcons[tone]
          return (
            <KitToast toast={toast} className="toast" data-tone={tone}>
              <Icon aria-hidden />
              <ToastContent className="min-w-0 flex-1 self-center">
                <Text slot="title" className={isLong ? 'font-semibold' : ''} dir="auto">
                  {text}
                </Text>
                {detail ? (
                  <Text slot="description" className="toast-detail" dir="auto">
                    {detail}
                  </Text>
                ) : null}
                {link || (isLong && action) ? (
                  <div className="toast-buttons">
                    {link ? (
                      <LinkButton
                        size="small"
                        variant="primary"
                        href={link.href}
                        target="_blank"
                        rel="noopener noreferrer"
                        onPress={close}
                      >
                        {link.label}
                      </LinkButton>
                    ) : null}
                    {action ? <Act action={action} close={close} /> : null}
                  </div>
                ) : null}
              </ToastContent>
              {action && !isLong ? <Act action={action} close={close} /> : null}
              <IconButton slot="close" size="small" label={t`Close`} icon={<X aria-hidden />} />
            </KitToast>
          )
        }}
      </ToastList>
    </KitToastRegion>
  )
}

function Act({ action, close }: { action: NonNullable<ToastMessage['action']>; close: () => void }) {
  return (
    <Button
      size="small"
      onPress={() => {
        action.onPress()
        close()
      }}
    >
      {action.label}
    </Button>
  )
}
