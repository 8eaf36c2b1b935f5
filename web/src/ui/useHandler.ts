/** A function that stays the same and does what the newest one would: for what a memoised component is given. */
import { useCallback, useRef } from 'react'

export function useHandler<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R {
  const latest = useRef(run)
  latest.current = run
  return useCallback((...args) => latest.current(...args), [])
}
