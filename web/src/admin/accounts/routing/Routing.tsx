export function Routing() {
  return null
}
