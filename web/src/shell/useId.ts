/** The id in the address of a detail page. */
import { notFound, useParams } from '@tanstack/react-router'

export function useId(): number {
  const { id } = useParams({ strict: false })
  if (id === undefined || !/^[1-9]\d{0,15}$/.test(id)) throw notFound()
  return Number(id)
}
