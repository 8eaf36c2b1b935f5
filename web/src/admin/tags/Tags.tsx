export function Tags() {
  return null
}
