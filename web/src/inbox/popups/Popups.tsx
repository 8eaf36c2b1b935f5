/**
 * What triggers show the agent, as messages that stay until he puts them away. Fetched with the first one. Of several tabs one that is
 * on screen shows it, and putting it away there ends it for all.
 */
import { useLingui } from '@lingui/react/macro'
import type { Popup } from '@patchbay/protocol/api/triggers.ts'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { api } from '../../api/api.ts'
import { useLive } from '../../live/store.ts'
import { toastQueue } from '../../ui/Toast.tsx'
import { useGo } from '../address.ts'

export default function Popups() {
  const popups = useLive((state) => state.popups)
  const isOnScreen = useSyncExternalStore(onVisibility, () => document.visibilityState === 'visible')
  return isOnScreen ? popups.map((popup) => <Shown key={popup.id} popup={popup} />) : null
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

function Shown({ popup }: { popup: Popup }) {
  const { t } = useLingui()
  const { open } = useGo()
  const { id, interactionId, contact, title, text, url } = popup
  const host = url === null ? '' : (URL.parse(url)?.host ?? url)
  const content = {
    text: title,
    detail: text,
    tone: 'info' as const,
    action: { label: t`Show ${contact.name}`, onPress: () => open(interactionId, 'mine') },
    ...(url === null ? {} : { link: { label: t`Open ${host}`, href: url } }),
  }
  const newest = useRef(content)
  newest.current = content
  useEffect(
    () =>
      holding(`patchbay.popup.${id}`, () => {
        let isEnding = false
        const key = toastQueue.add(newest.current, {
          onClose: () => {
            if (!isEnding) void putAway(id)
          },
        })
        return () => {
          isEnding = true
          toastQueue.close(key)
        }
      }),
    [id],
  )
  return null
}

/** Does it while this tab holds the lock. Answers what ends both. */
function holding(name: string, work: () => () => void): () => void {
  if (!('locks' in navigator)) return work()
  const waiting = new AbortController()
  let end = (): void => {}
  navigator.locks
    .request(name, { signal: waiting.signal }, () => {
      const undo = work()
      return new Promise<void>((done) => {
        end = () => {
          undo()
          done()
        }
      })
    })
    // It went before the lock was had.
    .catch(() => {})
  return () => {
    waiting.abort()
    end()
  }
}

/** One that could not be put away comes back with the next connection, which is better than one that is lost. */
async function putAway(id: number): Promise<void> {
  await api('DELETE /api/openchannel/popups/:id', { params: { id } }).catch(() => {})
}
