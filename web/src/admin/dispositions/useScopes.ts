/** For whom a disposition can be: names of lists, accounts and queues. */
import { useLingui } from '@lingui/react/macro'
import type { Disposition } from '@patchbay/protocol/api/dispositions.ts'
import { useQuery } from '@tanstack/react-query'
import { listsQuery } from '../../contacts/queries.ts'
import { accountsQuery } from '../../inbox/queries.ts'
import { queuesQuery } from '../common/queries.ts'
import { type ScopeKind, scopeOf } from './tree.ts'

interface Named {
  id: number
  name: string
}

export interface Scopes {
  kinds: Readonly<Record<ScopeKind, string>>
  choices: Readonly<Record<ScopeKind, readonly Named[]>>
  /** `List: Customers`. */
  words: (row: Pick<Disposition, 'listId' | 'accountId' | 'queueId'>) => string
}

const none: readonly Named[] = []

export function useScopes(): Scopes {
  const { t } = useLingui()
  const choices = {
    global: none,
    list: useQuery(listsQuery).data?.rows ?? none,
    account: useQuery(accountsQuery).data?.rows ?? none,
    queue: useQuery(queuesQuery).data ?? none,
  }
  const kinds = {
    global: t`Every interaction`,
    list: t`One list`,
    account: t`One account`,
    queue: t`One queue`,
  }
  const words: Scopes['words'] = (row) => {
    const { kind, id } = scopeOf(row)
    const name = choices[kind].find((one) => one.id === id)?.name ?? String(id)
    return {
      global: kinds.global,
      list: t`List: ${name}`,
      account: t`Account: ${name}`,
      queue: t`Queue: ${name}`,
    }[kind]
  }
  return { kinds, choices, words }
}
