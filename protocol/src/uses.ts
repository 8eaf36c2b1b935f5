/** Where a thing is used that is to be deleted: what GE-103 carries, and how the deletion is asked for again. */
import { type Static, Type } from 'typebox'
import { Id, Nullable } from './endpoint.ts'

/**
 * What names it. With an `id`: one account, trigger, queue and so on, by its name; `flow` is the routing of an account. Without one: so
 * many, which are counted.
 */
export const usePlaces = [
  'flow',
  'account',
  'trigger',
  'queue',
  'team',
  'sign-in',
  'field',
  'disposition',
  'waiting',
  'contacts',
  'interactions',
  'users',
] as const
export type UsePlace = (typeof usePlaces)[number]

export const Use = Type.Object({
  place: Type.Unsafe<UsePlace>(Type.Union(usePlaces.map((place) => Type.Literal(place)))),
  id: Nullable(Id),
  name: Type.String(),
  count: Type.Integer({ description: 'How many; at most 10 000 are counted.' }),
  mustMove: Type.Boolean({ description: 'Without a replacement it would name what is gone.' }),
})
export type Use = Static<typeof Use>

export const Uses = Type.Object({ rows: Type.Array(Use) })

/** Of every deletion of what can be in use. */
export const DeleteQuery = Type.Object({
  replaceBy: Type.Optional(Id),
  drop: Type.Optional(
    Type.Boolean({
      description:
        'false: refuse whatever is in use. Otherwise it goes from where nothing would be left that names it (no `mustMove`), such as a tag from interactions.',
    }),
  ),
})
export type DeleteQuery = Static<typeof DeleteQuery>

export const deleteWords =
  'What is named elsewhere is refused with GE-103, whose `uses` say where. `replaceBy` is another of its kind that takes its place everywhere, in the same transaction.'
