/** The levels of a queue's members in the skills that it asks for. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Queue } from '@patchbay/protocol/api/queues.ts'
import type { Skill } from '@patchbay/protocol/api/skills.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { NumberField } from '../../ui/NumberField.tsx'
import { Card } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { peopleOf } from '../common/members.ts'
import { skillsQuery, teamsQuery, usersQuery } from '../common/queries.ts'

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
                <Level key={skill.id} userId={id} skill={skill} all={skills} />
              ))}
            </fieldset>
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface LevelProps {
  userId: number
  skill: Skill
  all: readonly Skill[]
}

function Level({ userId, skill, all }: LevelProps) {
  const client = useQueryClient()
  const problem = useProblem()
  const has = (one: Skill) => one.agents.find((agent) => agent.userId === userId)?.level
  const saving = useMutation({
    mutationFn: (level: number) =>
      api('PUT /api/users/:id/skills', {
        params: { id: userId },
        body: {
          skills: all.flatMap((one) => {
            const wanted = one.id === skill.id ? level : has(one)
            return wanted ? [{ skillId: one.id, level: wanted }] : []
          }),
        },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: skillsQuery.queryKey }),
    onError: (error) => toast(problem(error), { tone: 'bad' }),
  })
  return (
    <NumberField
      label={skill.name}
      className="w-[88px]"
      value={has(skill) ?? Number.NaN}
      minValue={0}
      maxValue={10}
      isDisabled={saving.isPending}
      onChange={(level) => saving.mutate(Number.isNaN(level) ? 0 : level)}
    />
  )
}
