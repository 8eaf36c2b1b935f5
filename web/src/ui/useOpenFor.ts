/** Something that is open for one thing: it closes when another is shown in the same place. */
import { useState } from 'react'
import { useHandler } from './useHandler.ts'

/** The answer's function stays the same. */
export function useOpenFor(id: number): [isOpen: boolean, setOpen: (isOpen: boolean) => void] {
  const [openFor, setOpenFor] = useState<number>()
  if (openFor !== undefined && openFor !== id) setOpenFor(undefined)
  const setOpen = useHandler((isOpen: boolean) => setOpenFor(isOpen ? id : undefined))
  return [openFor === id, setOpen]
}
