/** Skills: what agents can do and how well, and what queues ask for. */
import { type Static, Type } from 'typebox'
import { AsRead, endpoint, Id, IdParams, Instant, ListOf, Name, Nothing } from '../endpoint.ts'
import { DeleteQuery, deleteWords } from '../uses.ts'

const manager = { may: 'queues.manage', scopes: ['admin'] } as const
const Level = Type.Integer({ minimum: 1, maximum: 10 })

export const SkillLevel = Type.Object({ skillId: Id, level: Level }, { additionalProperties: false })
export type SkillLevel = Static<typeof SkillLevel>

/** What a queue asks for. With time it asks for less: from `afterSeconds` of waiting on for `level`, 0 being none any more. */
export const RequiredSkill = Type.Object(
  {
    skillId: Id,
    level: Level,
    relax: Type.Array(
      Type.Object(
        {
          afterSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
          level: Type.Integer({ minimum: 0, maximum: 9, description: '0: the skill is asked for no more.' }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 10, description: 'Later steps ask for less.' },
    ),
  },
  { additionalProperties: false },
)
export type RequiredSkill = Static<typeof RequiredSkill>

export const Skill = Type.Object({
  id: Id,
  name: Type.String(),
  agents: Type.Array(Type.Object({ userId: Id, level: Type.Integer() })),
  queues: Type.Array(Type.Object({ id: Id, name: Type.String() }), {
    description: 'Queues that ask for it.',
  }),
  version: Type.Integer(),
  createdAt: Instant,
})
export type Skill = Static<typeof Skill>

export const skillsApi = {
  'GET /api/openchannel/skills': endpoint({
    summary: 'Skills, with the agents who have them',
    tag: 'Queues',
    access: manager,
    response: { 200: ListOf(Skill) },
  }),
  'POST /api/openchannel/skills': endpoint({
    summary: 'Make a skill',
    tag: 'Queues',
    access: manager,
    body: Type.Object({ name: Name }),
    response: { 201: Skill },
    refusals: ['GE-102'],
  }),
  'PATCH /api/openchannel/skills/:id': endpoint({
    summary: 'Rename a skill',
    tag: 'Queues',
    access: manager,
    params: IdParams,
    body: Type.Object({ name: Name, version: AsRead }),
    response: { 200: Skill },
    refusals: ['GE-102', 'GE-104'],
  }),
  'DELETE /api/openchannel/skills/:id': endpoint({
    summary: 'Delete a skill, or put another in its place',
    description: `${deleteWords} Who has both keeps the higher level.`,
    tag: 'Queues',
    access: manager,
    params: IdParams,
    query: DeleteQuery,
    response: { 204: Nothing },
    refusals: ['GE-103'],
  }),
  'PUT /api/users/:id/skills': endpoint({
    summary: 'Replace the skills of an agent',
    tag: 'Queues',
    access: manager,
    params: IdParams,
    body: Type.Object({ skills: Type.Array(SkillLevel, { maxItems: 200 }) }),
    response: { 200: Type.Object({ skills: Type.Array(SkillLevel) }) },
  }),
}
