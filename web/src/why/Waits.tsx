/** For what it waits, which place in line it has, and how the agents stand who could take it. */
import { Plural, SelectOrdinal, Trans, useLingui } from '@lingui/react/macro'
import type { MemberState, Why } from '@patchbay/protocol/api/why.ts'
import { timeOfDay } from '../ui/time.ts'
import { Strategy } from './Strategy.tsx'

type Wait = NonNullable<Why['waits']>

export function Waits({ waits }: { waits: Wait }) {
  const { t, i18n } = useLingui()
  const { name, place, isOfAll, members, skills, relaxesAt, until } = waits
  const wanted = skills.map((skill) => `${skill.name} ${skill.level}`).join(', ')
  const clock = (at: string) => timeOfDay(Date.parse(at), i18n.locale)
  return (
    <>
      <p>
        <strong>
          <bdi>{name}</bdi>
          {', '}
          <SelectOrdinal
            value={place}
            one="#st in line"
            two="#nd in line"
            few="#rd in line"
            other="#th in line"
          />
        </strong>
        {isOfAll ? null : (
          <>
            {' '}
            <span className="text-text-2">
              <Trans>(of the accounts you see)</Trans>
            </span>
          </>
        )}
      </p>
      <Strategy of={waits.for} strategy={waits.strategy} />
      {members.length > 0 ? (
        <ul className="list-disc ps-5">
          {members.map(({ state, count }) => (
            <li key={state}>
              <Standing state={state} count={count} />
            </li>
          ))}
        </ul>
      ) : (
        <p>
          <Trans>Nobody is in it, so nobody can be asked.</Trans>
        </p>
      )}
      {wanted ? (
        <p>
          <Trans>
            It asks for <bdi>{wanted}</bdi>.
          </Trans>{' '}
          {relaxesAt ? t`For less at ${clock(relaxesAt)}.` : null}
        </p>
      ) : null}
      {until ? (
        <p className="text-text-2">{t`At ${clock(until)} the wait ends and the next step follows.`}</p>
      ) : null}
    </>
  )
}

function Standing({ state, count }: { state: MemberState; count: number }) {
  switch (state) {
    case 'free':
      return <Plural value={count} one="# agent free" other="# agents free" />
    case 'asked':
      return <Plural value={count} one="# agent being asked" other="# agents being asked" />
    case 'full':
      return <Plural value={count} one="# agent full" other="# agents full" />
    case 'paused':
      return <Plural value={count} one="# agent paused" other="# agents paused" />
    case 'wrap-up':
      return <Plural value={count} one="# agent in wrap-up" other="# agents in wrap-up" />
    case 'not-answering':
      return <Plural value={count} one="# agent not answering" other="# agents not answering" />
    case 'offline':
      return <Plural value={count} one="# agent offline" other="# agents offline" />
    case 'declined':
      return <Plural value={count} one="# agent declined just now" other="# agents declined just now" />
    case 'lacks-skill':
      return <Plural value={count} one="# agent lacks the skill" other="# agents lack the skill" />
    case 'no-access':
      return <Plural value={count} one="# agent not of this account" other="# agents not of this account" />
  }
}
