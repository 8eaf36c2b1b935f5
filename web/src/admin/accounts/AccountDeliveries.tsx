export function AccountDeliveries() {
  return null
}
