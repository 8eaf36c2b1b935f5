/** What an agent can do, and how well. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { useQuery } from '@tanstack/react-query'
import { TextLink } from '../../ui/Button.tsx'
import { Card } from '../../ui/Page.tsx'
import { skillsQuery } from '../common/queries.ts'
import { SkillLevel } from '../queues/SkillLevel.tsx'

export function UserSkills({ user }: { user: User }) {
  const { t } = useLingui()
  const skills = useQuery(skillsQuery).data
  if (!skills) return null
  return (
    <Card title={t`Skills`}>
      {skills.length === 0 ? (
        <p className="text-text-2">
          <Trans>
            There are none: a queue asks every member. <TextLink href="/admin/skills">Make a skill</TextLink>
          </Trans>
        </p>
      ) : (
        <>
          <p className="text-text-2">
            <Trans>From 1 to 10; empty: the agent does not have the skill. Saved as you leave a field.</Trans>
          </p>
          <div className="grid items-end gap-4 narrow:grid-cols-3">
            {skills.map((skill) => (
              <SkillLevel key={skill.id} userId={user.id} skill={skill} all={skills} />
            ))}
          </div>
        </>
      )}
    </Card>
  )
}
