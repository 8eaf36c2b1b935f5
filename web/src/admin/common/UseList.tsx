/** The places where a thing is used, each with the way there. */
import { useLingui } from '@lingui/react/macro'
import type { Use } from '@patchbay/protocol/uses.ts'
import { TextLink } from '../../ui/Button.tsx'

interface UseListProps {
  uses: readonly Use[]
  /** Teams and users stand among the agents of an account. */
  isAgents?: boolean
}

export function UseList({ uses, isAgents = false }: UseListProps) {
  const wordsOf = useWords()
  return (
    <ul className="flex max-h-[240px] flex-col gap-1 overflow-auto">
      {uses.map((use, at) => {
        const href = wayTo(use, isAgents)
        const words = wordsOf(use)
        return (
          <li key={`${use.place} ${use.id ?? at}`}>
            {href ? <TextLink href={href}>{words}</TextLink> : words}
          </li>
        )
      })}
    </ul>
  )
}

function wayTo({ place, id }: Use, isAgents: boolean): string | undefined {
  switch (place) {
    case 'flow':
      return id === null ? undefined : `/admin/accounts/${id}/routing`
    case 'account':
      return id === null ? undefined : `/admin/accounts/${id}/${isAgents ? 'agents' : 'settings'}`
    case 'trigger':
      return `/admin/triggers/${id}`
    case 'queue':
      return `/admin/queues/${id}`
    case 'team':
      return `/admin/teams/${id}`
    case 'disposition':
      return '/admin/dispositions'
    case 'sign-in':
      return '/admin/signin'
    default:
      return undefined
  }
}

function useWords(): (use: Use) => string {
  const { t } = useLingui()
  return ({ place, name, count }) => {
    switch (place) {
      case 'flow':
        return name ? t`Routing of ${name}` : t`Routing of an account that you do not see`
      case 'account':
        return name ? t`Account ${name}` : t`An account that you do not see`
      case 'trigger':
        return t`Trigger ${name}`
      case 'queue':
        return t`Queue ${name}`
      case 'team':
        return t`Team ${name}`
      case 'field':
        return t`Custom field ${name}`
      case 'disposition':
        return t`Disposition ${name}`
      case 'sign-in':
        return t`Rules of signing in`
      case 'waiting':
        return count === 1 ? t`1 interaction that waits` : t`${count} interactions that wait`
      case 'contacts':
        return count === 1 ? t`1 contact` : t`${count} contacts`
      case 'interactions':
        return count === 1 ? t`1 interaction` : t`${count} interactions`
      case 'users':
        return count === 1 ? t`1 user` : t`${count} users`
    }
  }
}
