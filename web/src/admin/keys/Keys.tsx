export function Keys() {
  return null
}
export function OwnKeys() {
  return null
}
