/** Closes what it is drawn for, where nobody has to say how it ended. Loaded on first use. */
import { useEffect } from 'react'
import { useClosing } from './useClosing.ts'

interface CloseAtOnceProps {
  id: number
  onGone: () => void
  onStay: () => void
}

export default function CloseAtOnce({ id, onGone, onStay }: CloseAtOnceProps) {
  const { close } = useClosing(id, onGone, onStay)
  useEffect(() => close(null), [close])
  return null
}
