/** What a trigger does, in one sentence. */
import { useLingui } from '@lingui/react/macro'
import type { Conditions } from '@patchbay/protocol/api/actions.ts'
import type { Trigger, TriggerAction } from '@patchbay/protocol/api/triggers.ts'
import { useQuery } from '@tanstack/react-query'
import { useOperators } from '../common/operators.ts'
import { allAccountsQuery, intervalsQuery, queuesQuery, tagsQuery } from '../common/queries.ts'

type Said = Pick<Trigger, 'direction' | 'accountIds' | 'intervalId' | 'conditions' | 'actions'>

export function useSentence(): (trigger: Said) => string {
  const { t, i18n } = useLingui()
  const operators = useOperators()
  const queues = useQuery(queuesQuery).data ?? []
  const tags = useQuery(tagsQuery).data ?? []
  const accounts = useQuery(allAccountsQuery).data ?? []
  const intervals = useQuery(intervalsQuery).data ?? []
  const and = new Intl.ListFormat(i18n.locale, { type: 'conjunction' })
  const or = new Intl.ListFormat(i18n.locale, { type: 'disjunction' })

  const limitsOf = ({ accountIds, intervalId }: Said): string[] => {
    const names = (accountIds ?? []).map((id) => accounts.find((one) => one.id === id)?.name ?? '…')
    const interval = intervals.find(({ id }) => id === intervalId)?.name ?? '…'
    return [
      ...(names.length > 0 ? [t`the account is ${or.format(names)}`] : []),
      ...(intervalId === null ? [] : [t`it is within ${interval}`]),
    ]
  }
  const conditionsOf = ({ all, any }: Conditions, limits: readonly string[]): string => {
    const words = (list: Conditions['all']) =>
      list.map(({ variable, operator, value }) => `${variable} ${operators[operator]} “${value}”`)
    return and.format([...limits, ...words(all), ...(any.length > 0 ? [or.format(words(any))] : [])])
  }
  const actionOf = (action: TriggerAction): string => {
    switch (action.type) {
      case 'popup':
        return t`the agent is shown “${action.title}”`
      case 'open-url':
        return t`the agent is offered a page`
      case 'web-request':
        return t`a service is called`
      case 'tag': {
        const names = tags.filter(({ id }) => action.tagIds.includes(id)).map(({ name }) => name)
        return t`it is tagged ${and.format(names)}`
      }
      case 'queue': {
        const name = queues.find(({ id }) => id === action.queueId)?.name ?? '…'
        return t`it moves to ${name}`
      }
    }
  }
  return (trigger) => {
    const { direction, conditions, actions } = trigger
    const when = {
      in: t`When a customer writes`,
      out: t`When an answer goes out`,
      both: t`When a message comes in or goes out`,
    }[direction]
    const condition = conditionsOf(conditions, limitsOf(trigger))
    const what = and.format(actions.map(actionOf))
    return condition ? t`${when} and ${condition}: ${what}.` : t`${when}: ${what}.`
  }
}
