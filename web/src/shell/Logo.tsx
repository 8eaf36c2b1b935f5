/** The mark of Patchbay. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="flex-none">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M10.8 22.2 8.6 22.9l.7-2.2a7.7 7.7 0 1 1 1.5 1.5Z"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  )
}
