/** The level of one agent in one skill, saved as the field is left. */
import type { Skill } from '@patchbay/protocol/api/skills.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { NumberField } from '../../ui/NumberField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { skillsQuery } from '../common/queries.ts'

export interface SkillLevelProps {
  userId: number
  skill: Skill
  /** Those that he has of these stay. */
  all: readonly Skill[]
  className?: string
}

export function SkillLevel({ userId, skill, all, className }: SkillLevelProps) {
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
      {...(className && { className })}
      value={has(skill) ?? Number.NaN}
      minValue={0}
      maxValue={10}
      isDisabled={saving.isPending}
      onChange={(level) => saving.mutate(Number.isNaN(level) ? 0 : level)}
    />
  )
}
