/** The levels of a queue's members in the skills that it asks for. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import { useQuery } from '@tanstack/react-query'
import { Card } from '../../ui/Page.tsx'
import { peopleOf } from '../common/members.ts'
import { skillsQuery, teamsQuery, usersQuery } from '../common/queries.ts'
import { SkillLevel } from './SkillLevel.tsx'

export function MemberSkills({ queue }: { queue: Queue }) {
  const { t } = useLingui()
  const skills = useQuery(skillsQuery).data ?? []
  const users = useQuery(usersQuery).data ?? []
  const teams = useQuery(teamsQuery).data ?? []
  const asked = skills.filter(({ id }) => queue.skills.some(({ skillId }) => skillId === id))
  const people = peopleOf(queue, teams)
  const members = users.filter(({ id, disabled }) => people.has(id) && !disabled)
  if (asked.length === 0 || members.length === 0) return null
  return (
    <Card title={t`Levels of its members`}>
      <p className="text-text-2">
        <Trans>From 1 to 10; empty: the member does not have the skill. Saved as you leave a field.</Trans>
      </p>
      <ul className="flex max-h-[420px] flex-col gap-2 overflow-auto">
        {members.map(({ id, fullname }) => (
          <li key={id}>
            <fieldset className="flex flex-wrap items-end gap-3" aria-label={fullname}>
              <span className="min-w-[140px] flex-1 truncate">
                <bdi>{fullname}</bdi>
              </span>
              {asked.map((skill) => (
                <SkillLevel key={skill.id} userId={id} skill={skill} all={skills} className="w-[96px]" />
              ))}
            </fieldset>
          </li>
        ))}
      </ul>
    </Card>
  )
}
