/** Lists keep their filters in the address; the way back from a detail page leads to the list as it was left. */
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { queryOf } from '../api/api.ts'

const left = new Map<string, string>()

/** Where the list at `path` was left. */
export function lastAddress(path: string): string {
  return left.get(path) ?? path
}

export function useListSearch() {
  const { pathname, searchStr } = useLocation()
  const navigate = useNavigate()
  useEffect(() => {
    left.set(pathname, `${pathname}${searchStr}`)
  }, [pathname, searchStr])
  const current = Object.fromEntries(new URLSearchParams(searchStr))
  const set = (change: Record<string, string | undefined>) =>
    void navigate({
      href: `${pathname}${queryOf({ ...current, ...change })}`,
      replace: true,
      resetScroll: false,
    })
  return { current, set }
}

/** What is typed shows at once; the address, and with it the query, follows when the typing pauses. */
export function useTypedSearch() {
  const { current, set } = useListSearch()
  const search = current.search ?? ''
  const [typed, setTyped] = useState(search)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => set({ search: text.trim() || undefined }), 250)
  }
  return { search, typed, type, current, set }
}
