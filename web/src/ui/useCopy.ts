/** Puts text on the clipboard and says so for two seconds. */
import { useEffect, useRef, useState } from 'react'

export function useCopy() {
  const [isCopied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const copy = async (text: string) => {
    await write(text)
    setCopied(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(setCopied, 2000, false)
  }
  return { isCopied, copy }
}

/** Without https the clipboard interface is missing; a selection and the old command still work. */
async function write(text: string) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
