/** The way from a detail page back to its list, as it was left. */
import { ChevronLeft } from 'lucide-react'
import { TextLink } from '../ui/Button.tsx'
import { lastAddress } from './list-address.ts'

export function Back({ href, label }: { href: string; label: string }) {
  return (
    <TextLink
      href={lastAddress(href)}
      className="-mb-2 flex min-h-6 items-center gap-1 self-start text-text-2 no-underline hover:underline"
    >
      <ChevronLeft aria-hidden className="flip-rtl" />
      {label}
    </TextLink>
  )
}
