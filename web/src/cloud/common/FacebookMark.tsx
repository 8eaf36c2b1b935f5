/** The letter by which Facebook is known, in the colour of the text around it. */
export function FacebookMark() {
  return (
    <svg width="18" height="18" viewBox="0 0 24 24" fill="currentColor" aria-hidden>
      <path d="M14 21v-7.5h2.7l.5-3.3H14V8.1c0-1 .4-1.7 1.8-1.7h1.6V3.5A20 20 0 0 0 15 3.3c-2.5 0-4.2 1.5-4.2 4.3v2.6H8v3.3h2.800V21Z" />
    </svg>
  )
}
