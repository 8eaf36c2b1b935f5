/** The components side by side. */
export function Gallery() {
  return <main />
}
