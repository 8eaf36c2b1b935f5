/** What jsdom lacks and the kit calls. */
if (typeof window !== 'undefined' && !window.CSS?.escape) {
  const escaped = (text: string) => text.replace(/[^\w-]/g, (letter) => `\\${letter}`)
  Object.defineProperty(window, 'CSS', { value: { ...window.CSS, escape: escaped } })
}
