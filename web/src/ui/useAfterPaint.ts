/** A value that follows once the frame that needs it first has been painted, and then gives way to whatever is pressed. */
import { startTransition, useEffect, useState } from 'react'
import { afterPaint } from './after-paint.ts'

export function useAfterPaint<T>(value: T): T {
  const [painted, setPainted] = useState(value)
  useEffect(() => {
    if (painted === value) return
    return afterPaint(() => startTransition(() => setPainted(value)))
  }, [value, painted])
  return painted
}
