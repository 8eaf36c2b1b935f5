/** The code of a one-time link, taken out of the address at once: it must not stay in the history or be copied with it. */
import { useEffect, useState } from 'react'

export function useLinkCode(): string {
  const [code, setCode] = useState(() => location.hash.slice(1))
  useEffect(() => {
    const take = (): void => {
      const found = location.hash.slice(1)
      if (found === '') return
      setCode(found)
      history.replaceState(history.state, '', location.pathname)
    }
    take()
    // A second link opened in the same tab changes nothing but the fragment.
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [])
  return code
}
