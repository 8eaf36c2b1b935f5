/** How much of the desk there is room for. The widths are those of the style sheet. */
import { useMedia } from '../ui/useMedia.ts'

/** One page at a time: list, thread, panel. */
export function useIsNarrow(): boolean {
  return useMedia('(width < 45rem)')
}

/** The panel stands beside the thread, else it is a drawer. */
export function useIsWide(): boolean {
  return useMedia('(width >= 73.75rem)')
}
