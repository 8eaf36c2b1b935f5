/** What typing finds: those in which every typed word begins a word, before those that hold it somewhere. */

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

export function found<O extends { label: string }>(options: readonly O[], text: string): O[] {
  const typed = plain(text)
    .split(/[\s/]+/)
    .filter(Boolean)
  if (typed.length === 0) return [...options]
  const holding = options
    .map((option) => ({ option, label: plain(option.label) }))
    .filter(({ label }) => typed.every((word) => label.includes(word)))
  const begins = ({ label }: { label: string }) => {
    const words = label.split(/[^\p{L}\p{N}]+/u)
    return typed.every((word) => words.some((one) => one.startsWith(word)))
  }
  return [...holding.filter(begins), ...holding.filter((one) => !begins(one))].map(({ option }) => option)
}
