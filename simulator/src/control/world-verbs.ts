/** What somebody above the world does: make people and pages, take away, age, break. */
import { Type } from 'typebox'
import type { Box } from '../box.ts'
import { idle, release } from '../deliveries/deliveries.ts'
import { verify } from '../graph/subscriptions.ts'
import { accountNumber } from '../world/ids.ts'
import { addApp, addPage, addPerson, setRole } from '../world/people.ts'
import { noFaults, usualSwitches } from '../world/settings.ts'
import { type App, allTasks, type Task } from '../world/world.ts'
import { askForDeletion, deauthorize } from './callbacks.ts'
import { ControlError, findPage, findPerson, missing, type Verb, verb } from './verb.ts'

const Id = Type.String({ minLength: 1 })
const Name = Type.String({ minLength: 1, maxLength: 100 })
const Ms = Type.Number({ minimum: 0 })
const Pieces = Type.Array(Type.String())

function findApp(box: Box, id: string): App {
  return box.world.apps.get(id) ?? missing('app', id)
}

export const worldVerbs: Readonly<Record<string, Verb>> = {
  'world/app': verb(
    Type.Object({
      id: Id,
      secret: Type.Optional(Id),
      name: Type.Optional(Name),
      redirectUris: Type.Optional(Pieces),
      needsProof: Type.Optional(Type.Boolean()),
      hasHumanAgent: Type.Optional(Type.Boolean()),
      deauthorizeUrl: Type.Optional(Type.String()),
      deletionUrl: Type.Optional(Type.String()),
      configurations: Type.Optional(Type.Record(Type.String(), Pieces)),
    }),
    (box, { configurations, ...given }) => {
      const app =
        box.world.apps.get(given.id) ??
        addApp(box.world, { id: given.id, name: 'Another app', secret: given.secret ?? 'another secret' })
      Object.assign(app, given)
      if (configurations) app.configurations = new Map(Object.entries(configurations))
      box.changed()
    },
  ),
  'world/subscription': verb(
    Type.Object({
      app: Id,
      object: Type.Union([Type.Literal('page'), Type.Literal('instagram')]),
      callbackUrl: Id,
      verifyToken: Type.String(),
      fields: Pieces,
    }),
    async (box, { app, object, ...given }) => {
      await verify(box, given.callbackUrl, given.verifyToken)
      findApp(box, app).subscriptions.set(object, { ...given, includesValues: true })
      box.changed()
    },
  ),
  'world/person': verb(
    Type.Object({ firstName: Name, lastName: Type.Optional(Type.String()) }),
    (box, { firstName, lastName = '' }) => {
      const { id } = addPerson(box.world, firstName, lastName)
      box.changed()
      return { id }
    },
  ),
  'world/page': verb(
    Type.Object({
      name: Name,
      category: Type.Optional(Name),
      isBusinessOwned: Type.Optional(Type.Boolean()),
      canVisitorsPost: Type.Optional(Type.Boolean()),
    }),
    (box, { name, category = 'Local Business', ...rest }) => {
      const page = Object.assign(addPage(box.world, name, category), rest)
      box.changed()
      return { id: page.id }
    },
  ),
  'world/instagram': verb(
    Type.Object({ page: Id, username: Type.Union([Name, Type.Null()]) }),
    (box, { page: pageId, username }) => {
      const page = findPage(box, pageId)
      if (username === null) delete page.instagram
      else page.instagram = { id: page.instagram?.id ?? accountNumber(), username }
      box.changed()
      return { id: page.instagram?.id ?? null }
    },
  ),
  'world/role': verb(Type.Object({ person: Id, page: Id, tasks: Pieces }), (box, { person, page, tasks }) => {
    const unknown = tasks.find((task) => !allTasks.includes(task as Task))
    if (unknown !== undefined) throw new ControlError(`${unknown} is no task: ${allTasks.join(', ')}.`)
    setRole(findPerson(box, person), findPage(box, page), tasks as Task[])
    box.changed()
  }),
  'world/permission': verb(
    Type.Object({
      app: Id,
      person: Id,
      permission: Id,
      status: Type.Union([Type.Literal('granted'), Type.Literal('declined'), Type.Literal('removed')]),
    }),
    (box, { app, person, permission, status }) => {
      const permissions = findApp(box, app).grants.get(person)?.permissions ?? missing('grant of', person)
      if (status === 'removed') permissions.delete(permission)
      else permissions.set(permission, status)
      box.changed()
    },
  ),
  'world/revoke-tokens': verb(
    Type.Object({
      person: Type.Optional(Id),
      page: Type.Optional(Id),
      subcode: Type.Optional(Type.Number()),
    }),
    (box, { person, page, subcode = 460 }) => {
      let count = 0
      for (const token of box.world.tokens.values()) {
        if ((person && token.personId !== person) || (page && token.pageId !== page)) continue
        token.revokedBy = subcode
        count += 1
      }
      box.changed()
      return { count }
    },
  ),
  'world/block': verb(
    Type.Object({ person: Id, page: Id, isBlocked: Type.Boolean() }),
    (box, { person: personId, page, isBlocked }) => {
      const person = findPerson(box, personId)
      person.blocked = person.blocked.filter((id) => id !== page)
      if (isBlocked) person.blocked.push(findPage(box, page).id)
      box.changed()
    },
  ),
  'world/hide-profile': verb(
    Type.Object({ person: Id, isHidden: Type.Boolean() }),
    (box, { person, isHidden }) => {
      findPerson(box, person).hasHiddenProfile = isHidden
      box.changed()
    },
  ),
  'world/deauthorize': verb(
    Type.Object({ app: Id, person: Type.Optional(Id), page: Type.Optional(Id) }),
    (box, { app, person, page }) => deauthorize(box, findApp(box, app), { person, page }),
  ),
  'world/ask-for-deletion': verb(Type.Object({ app: Id, person: Id }), (box, { app, person }) =>
    askForDeletion(box, findApp(box, app), person),
  ),
  'clock/advance': verb(Type.Object({ ms: Ms }), async (box, { ms }) => {
    await box.clock.advance(ms)
    box.changed()
    return { now: box.clock.now() }
  }),
  'faults/next': verb(
    Type.Object({
      match: Type.Optional(Type.String()),
      times: Type.Optional(Type.Number({ minimum: 1 })),
      status: Type.Optional(Type.Number({ minimum: 200, maximum: 599 })),
      error: Type.Optional(
        Type.Object({
          code: Type.Number(),
          subcode: Type.Optional(Type.Number()),
          message: Type.Optional(Type.String()),
          isTransient: Type.Optional(Type.Boolean()),
        }),
      ),
      delayMs: Type.Optional(Ms),
      cut: Type.Optional(Type.Union([Type.Literal('before'), Type.Literal('after')])),
    }),
    (box, fault) => {
      box.faults.next.push(fault)
      box.changed()
    },
  ),
  'faults/set': verb(
    Type.Object({
      duplicates: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
      holds: Type.Optional(Type.Boolean()),
      signature: Type.Optional(
        Type.Union([
          Type.Literal('good'),
          Type.Literal('bad'),
          Type.Literal('missing'),
          Type.Literal('sha1'),
        ]),
      ),
      hasUnknownFields: Type.Optional(Type.Boolean()),
      hasNumberIds: Type.Optional(Type.Boolean()),
      hasSeconds: Type.Optional(Type.Boolean()),
      cdn: Type.Optional(
        Type.Object({
          status: Type.Optional(Type.Number({ minimum: 200, maximum: 599 })),
          type: Type.Optional(Type.String()),
          sizeBytes: Type.Optional(Type.Number({ minimum: 0, maximum: 2 ** 28 })),
          delayMs: Type.Optional(Ms),
        }),
      ),
    }),
    (box, given) => {
      Object.assign(box.faults, given)
      box.changed()
    },
  ),
  'faults/limit': verb(
    Type.Object({ id: Id, minutes: Type.Number({ minimum: 0 }), code: Type.Optional(Type.Number()) }),
    (box, { id, minutes, code }) => {
      const usual = box.world.apps.has(id) ? 4 : 80001
      if (minutes === 0) box.faults.limited.delete(id)
      else box.faults.limited.set(id, { until: box.clock.now() + minutes * 60_000, code: code ?? usual })
      box.changed()
    },
  ),
  'faults/clear': verb(Type.Object({}), (box) => {
    Object.assign(box.faults, noFaults())
    box.changed()
  }),
  'deliveries/release': verb(
    Type.Object({
      order: Type.Optional(Type.Union([Type.Literal('forward'), Type.Literal('reverse')])),
      batch: Type.Optional(Type.Number({ minimum: 1, maximum: 1000 })),
    }),
    async (box, { order = 'forward', batch = 1 }) => {
      box.faults.holds = false
      const count = release(box, order, batch)
      await idle(box)
      return { count }
    },
  ),
  'deliveries/settle': verb(Type.Object({}), (box) => idle(box)),
  'switches/set': verb(Type.Object({}), (box, given) => {
    const usual = usualSwitches()
    for (const [name, value] of Object.entries(given)) {
      if (!(name in usual)) throw new ControlError(`There is no switch ${name}.`)
      if (typeof value !== typeof usual[name as keyof typeof usual])
        throw new ControlError(`The switch ${name} takes a ${typeof usual[name as keyof typeof usual]}.`)
    }
    Object.assign(box.switches, given)
    box.changed()
  }),
}
