/** A few words about a control, on hover and keyboard focus. What is needed to act never stands only here. */
import {
  type FocusEvent,
  lazy,
  type PointerEvent,
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react'
import { patient } from './patient.ts'
import type { TooltipBodyProps } from './TooltipBody.tsx'

const TooltipBody = lazy(patient(() => import('./TooltipBody.tsx')))

export interface TooltipProps extends Pick<TooltipBodyProps, 'text' | 'keys' | 'placement'> {
  /** One focusable control. */
  children: ReactElement
}

/** How long the pointer rests before the first tooltip; the next ones follow at once while one was open just before. */
const restMs = 500
let lastShownAt = Number.NEGATIVE_INFINITY

export function Tooltip({ children, ...body }: TooltipProps) {
  const around = useRef<HTMLSpanElement>(null)
  const anchor = useRef<Element>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [isOpen, setOpen] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  if (isOpen && !wasOpened) setWasOpened(true)

  const turn = (open: boolean, afterMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      anchor.current = around.current?.firstElementChild ?? null
      lastShownAt = open ? Number.POSITIVE_INFINITY : performance.now()
      setOpen(open)
    }, afterMs)
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      if (lastShownAt === Number.POSITIVE_INFINITY) lastShownAt = performance.now()
    },
    [],
  )
  useEffect(() => {
    if (!isOpen) return
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && setOpen(false)
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOpen])

  const enter = ({ pointerType }: PointerEvent) => {
    if (pointerType !== 'touch') turn(true, performance.now() - lastShownAt < restMs ? 0 : restMs)
  }
  const focus = ({ target }: FocusEvent) => {
    if (target.matches(':focus-visible')) turn(true, 0)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only watches the control inside */}
      <span
        ref={around}
        className="contents"
        onPointerEnter={enter}
        onPointerLeave={() => turn(false, 100)}
        onPointerDown={() => turn(false, 0)}
        onFocus={focus}
        onBlur={() => turn(false, 0)}
      >
        {children}
      </span>
      <Suspense>
        {wasOpened ? (
          <TooltipBody
            {...body}
            anchor={anchor}
            isOpen={isOpen}
            onOpenChange={(open) => turn(open, open ? 0 : 100)}
          />
        ) : null}
      </Suspense>
    </>
  )
}

/** Text that explains itself: dotted, focusable, with a tooltip. */
export function Explained({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      <button
        type="button"
        aria-description={text}
        className="cursor-help rounded-tag underline decoration-dotted underline-offset-4"
      >
        {children}
      </button>
    </Tooltip>
  )
}
