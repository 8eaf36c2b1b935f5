/** The sign by which a channel is known, in the colour of the text around it. */
import type { Integration } from '@patchbay/protocol/api/cloud-integrations.ts'

/** Proper names: the same in every language. */
export const channelNames: Readonly<Record<Integration['kind'], string>> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
}

export function ChannelMark({ kind }: { kind: Integration['kind'] }) {
  return (
    <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden>
      {marks[kind]}
    </svg>
  )
}

const marks = {
  facebook: (
    <path
      fill="currentColor"
      d="M14 21v-7.5h2.7l.5-3.3H14V8.1c0-1 .4-1.7 1.8-1.7h1.6V3.5A20 20 0 0 0 15 3.3c-2.5 0-4.2 1.5-4.2 4.3v2.6H8v3.3h2.800V21Z"
    />
  ),
  instagram: (
    <g fill="none" stroke="currentColor" strokeWidth="2">
      <rect x="4" y="4" width="16" height="16" rx="4.5" />
      <circle cx="12" cy="12" r="3.6" />
      <circle cx="16.6" cy="7.4" r="1" fill="currentColor" stroke="none" />
    </g>
  ),
}
