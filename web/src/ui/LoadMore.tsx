/** The end of a page of rows: fetches the next when it comes into view, and is a button for who does not scroll. */
import { Trans } from '@lingui/react/macro'
import { useEffect, useRef } from 'react'
import { Button } from './Button.tsx'

export interface LoadMoreProps {
  hasMore: boolean
  isLoading: boolean
  onLoadMore: () => void
}

export function LoadMore({ hasMore, isLoading, onLoadMore }: LoadMoreProps) {
  const end = useRef<HTMLDivElement>(null)
  const load = useRef(onLoadMore)
  load.current = onLoadMore
  useEffect(() => {
    const element = end.current
    if (!element || !hasMore || isLoading) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && load.current(),
      { rootMargin: '400px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasMore, isLoading])
  if (!hasMore) return null
  return (
    <div ref={end} className="flex justify-center p-3">
      <Button size="small" isPending={isLoading} onPress={onLoadMore}>
        <Trans>Load more</Trans>
      </Button>
    </div>
  )
}
