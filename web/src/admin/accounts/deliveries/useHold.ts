/** Whether somebody is at the rows: points at them, has the keyboard in them, or has scrolled down; a second later they are left. */
import { useEffect, useRef, useState } from 'react'

const leaveMs = 1_000
/** Who has not touched a key for so long is not reading with the keyboard. */
const keyMs = 10_000

/** The first child of `area` marks its top. */
export function useHold() {
  const area = useRef<HTMLDivElement>(null)
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    const element = area.current
    if (!element) return
    const at = { pointer: false, keyboard: false, scrolled: false }
    let timer: ReturnType<typeof setTimeout> | undefined
    const say = () => {
      clearTimeout(timer)
      if (at.pointer || at.keyboard || at.scrolled) setHeld(true)
      else timer = setTimeout(setHeld, leaveMs, false)
    }
    const set = (name: keyof typeof at, is: boolean) => () => {
      at[name] = is
      say()
    }
    const enter = (event: PointerEvent) => {
      // A finger leaves without a word.
      if (event.pointerType !== 'touch') set('pointer', true)()
    }
    const leave = set('pointer', false)
    let keyTimer: ReturnType<typeof setTimeout> | undefined
    const focusOut = set('keyboard', false)
    const focusIn = (event: FocusEvent | KeyboardEvent) => {
      if (!(event.target instanceof Element && event.target.matches(':focus-visible'))) return
      set('keyboard', true)()
      clearTimeout(keyTimer)
      keyTimer = setTimeout(focusOut, keyMs)
    }
    const top = new IntersectionObserver(([entry]) => {
      if (entry) set('scrolled', !entry.isIntersecting && entry.boundingClientRect.top < innerHeight / 2)()
    })
    element.addEventListener('pointerenter', enter)
    element.addEventListener('pointerleave', leave)
    element.addEventListener('focusin', focusIn)
    element.addEventListener('keydown', focusIn)
    element.addEventListener('focusout', focusOut)
    if (element.firstElementChild) top.observe(element.firstElementChild)
    return () => {
      clearTimeout(timer)
      clearTimeout(keyTimer)
      top.disconnect()
      element.removeEventListener('pointerenter', enter)
      element.removeEventListener('pointerleave', leave)
      element.removeEventListener('focusin', focusIn)
      element.removeEventListener('keydown', focusIn)
      element.removeEventListener('focusout', focusOut)
    }
  }, [])
  return { area, isHeld }
}
