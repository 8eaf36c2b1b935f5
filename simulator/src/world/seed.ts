/** The world that a first start finds: one app, three pages, a person who manages them and some who write to them. */
import { addApp, addPage, addPerson, setRole } from './people.ts'
import { emptyWorld, type World } from './world.ts'

export interface SeedApp {
  id: string
  secret: string
  redirectUris: readonly string[]
}

/** Ids are the same in every box, so that what was written down about one holds for all. */
export function seedWorld(app: SeedApp): World {
  const world = emptyWorld()
  addApp(world, { id: app.id, secret: app.secret, name: 'Patchbay', redirectUris: [...app.redirectUris] })

  const bikes = addPage(world, 'Nord Bikes', 'Bicycle Shop', '101000000000001')
  const coffee = addPage(world, 'Nord Coffee', 'Coffee Shop', '101000000000002')
  const books = addPage(world, 'Harbour Books', 'Bookstore', '101000000000003')
  bikes.instagram = { id: '17841400000000001', username: 'nordbikes' }

  const anna = addPerson(world, 'Anna', 'Berg', '2010000000000001')
  for (const page of [bikes, coffee, books]) setRole(anna, page)
  const luca = addPerson(world, 'Luca', 'Conti', '2010000000000002')
  setRole(luca, bikes, ['ANALYZE', 'CREATE_CONTENT'])
  addPerson(world, 'Giulia', 'Ferri', '2010000000000003')
  addPerson(world, 'Tomás', 'Herrera', '2010000000000004')
  addPerson(world, 'Ravi', 'Menon', '2010000000000005')
  return world
}
