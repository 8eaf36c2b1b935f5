/** People, pages and who knows whom by which id. */
import { pageNumber, scopedNumber } from './ids.ts'
import {
  type App,
  type Author,
  allTasks,
  type Page,
  type Person,
  type Platform,
  type Task,
  type World,
} from './world.ts'

export function addPerson(world: World, firstName: string, lastName: string, id = scopedNumber()): Person {
  const person: Person = {
    id,
    firstName,
    lastName,
    roles: new Map(),
    blocked: [],
    hasHiddenProfile: false,
  }
  world.people.set(id, person)
  return person
}

export function addPage(world: World, name: string, category: string, id = pageNumber()): Page {
  const page: Page = {
    id,
    name,
    category,
    isBusinessOwned: false,
    canVisitorsPost: true,
    subscribed: new Map(),
    failingSince: new Map(),
  }
  world.pages.set(id, page)
  return page
}

export function setRole(person: Person, page: Page, tasks: readonly Task[] = allTasks): void {
  if (tasks.length === 0) person.roles.delete(page.id)
  else person.roles.set(page.id, [...tasks])
}

export const fullName = (person: Person): string => `${person.firstName} ${person.lastName}`.trim()

/** The id under which a page knows a person: the same in messages and on the wall, another for every page. */
export function scopedId(
  world: World,
  pageId: string,
  personId: string,
  platform: Platform = 'messenger',
): string {
  const key = `${platform}/${pageId}/${personId}`
  const known = world.scopedIds.get(key)
  if (known) return known
  const made = scopedNumber()
  world.scopedIds.set(key, made)
  return made
}

export function personByScopedId(
  world: World,
  pageId: string,
  id: string,
): { person: Person; platform: Platform } | undefined {
  for (const [key, known] of world.scopedIds) {
    const [platform, ofPage, personId = ''] = key.split('/')
    if (known !== id || ofPage !== pageId) continue
    const person = world.people.get(personId)
    if (person) return { person, platform: platform as Platform }
  }
  return undefined
}

/** As events and posts name an author. */
export function fromOf(world: World, pageId: string, author: Author): { id: string; name: string } {
  if (author.kind === 'page') {
    const page = world.pages.get(author.id)
    return { id: author.id, name: page?.name ?? '' }
  }
  const person = world.people.get(author.id)
  return { id: scopedId(world, pageId, author.id), name: person ? fullName(person) : '' }
}

/** The page as it is known on a platform: its own id, or that of its Instagram account. */
export function pageIdOn(page: Page, platform: Platform): string {
  return platform === 'instagram' ? (page.instagram?.id ?? page.id) : page.id
}

export function addApp(world: World, given: Pick<App, 'id' | 'secret' | 'name'> & Partial<App>): App {
  const app: App = {
    redirectUris: [],
    needsProof: false,
    hasHumanAgent: true,
    deauthorizeUrl: '',
    deletionUrl: '',
    configurations: new Map(),
    subscriptions: new Map(),
    grants: new Map(),
    ...given,
  }
  world.apps.set(app.id, app)
  return app
}
