/** A word that opens why an interaction waits or came here. What it opens, and its words, are loaded on first use. */
import { useLingui } from '@lingui/react/macro'
import { lazy, Suspense, useRef, useState } from 'react'
import { enter } from '../shell/words.ts'

const Why = lazy(async () => {
  await enter('why')
  return import('../why/Why.tsx')
})

export function WhyButton({ interactionId }: { interactionId: number }) {
  const { t } = useLingui()
  const anchor = useRef<HTMLButtonElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  if (isOpen && !wasOpened) setWasOpened(true)
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="status-word flex-none"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {t`Why?`}
      </button>
      {wasOpened ? (
        <Suspense>
          <Why interactionId={interactionId} anchor={anchor} isOpen={isOpen} onOpenChange={setOpen} />
        </Suspense>
      ) : null}
    </>
  )
}
