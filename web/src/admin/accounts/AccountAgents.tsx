export function AccountAgents() {
  return null
}
