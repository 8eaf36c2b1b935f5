/** The accounts whose routing names a thing. */
import { TextLink } from '../../ui/Button.tsx'

export interface UsedByProps {
  accounts: readonly { id: number; name: string }[]
  /** When none does. */
  nobody: string
}

export function UsedBy({ accounts, nobody }: UsedByProps) {
  if (accounts.length === 0) return <p className="text-text-2">{nobody}</p>
  return (
    <ul className="flex flex-col gap-1">
      {accounts.map(({ id, name }) => (
        <li key={id}>
          <TextLink href={`/admin/accounts/${id}/routing`}>
            <bdi>{name}</bdi>
          </TextLink>
        </li>
      ))}
    </ul>
  )
}
