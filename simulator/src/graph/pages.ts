/** Who is asking, the pages of a person, and what a page says of itself. */
import type { Box } from '../box.ts'
import { fileUrl, storeFile } from '../cdn/files.ts'
import { drawPicture } from '../cdn/picture.ts'
import { fullName } from '../world/people.ts'
import type { App, Page, Person, StoredFile, Token } from '../world/world.ts'
import { askedFields, type Call, listed } from './call.ts'
import { graphError, invalidParameter } from './errors.ts'
import { pick } from './fields.ts'
import { pageToken } from './tokens.ts'

/** GET me: the person of a user token, the page of a page token. */
export function readMe(call: Call): object {
  const { box } = call
  const { app, person, page, token } = call.caller()
  if (page) return pick(pageRecord(box, page), askedFields(call, 'id,name'))
  if (!person || !token) throw graphError('badToken')
  return pick(personRecord(box, app, person), askedFields(call, 'id,name'))
}

function personRecord(box: Box, app: App, person: Person): Record<string, unknown> {
  return {
    id: app.grants.get(person.id)?.asid ?? person.id,
    name: fullName(person),
    first_name: person.firstName,
    last_name: person.lastName,
    picture: () => ({
      data: { height: 50, width: 50, is_silhouette: false, url: fileUrl(box, faceOf(box, fullName(person))) },
    }),
  }
}

/** GET me/accounts */
export function accounts(call: Call): object {
  const { app, person, token, page } = call.caller()
  if (!person || !token || page) throw invalidParameter('Tried accessing nonexisting field (accounts)')
  const grant = app.grants.get(person.id)
  const isShown = (name: string): boolean => grant?.permissions.get(name) === 'granted'
  const pages = isShown('pages_show_list')
    ? (grant?.pageIds ?? []).flatMap((id) => call.box.world.pages.get(id) ?? [])
    : []
  const records = pages
    .filter(
      ({ id, isBusinessOwned }) =>
        person.roles.has(id) && (!isBusinessOwned || isShown('business_management')),
    )
    .map((owned) => ownedRecord(call.box, owned, person, token, isShown('instagram_basic')))
  return listed(call, records, 'access_token,category,category_list,name,id,tasks')
}

/** A page as one of its people sees it with his own token. */
function ownedRecord(
  box: Box,
  page: Page,
  person: Person,
  token: Token,
  maySeeAccount: boolean,
): Record<string, unknown> {
  const { instagram_business_account: account, ...rest } = pageRecord(box, page)
  return {
    ...rest,
    ...(maySeeAccount && { instagram_business_account: account }),
    access_token: () => pageToken(box, token, page.id).value,
    tasks: person.roles.get(page.id) ?? [],
  }
}

/** GET {page} with a user token or the page's own. */
export function readPage(call: Call, page: Page): object {
  const { app, person, token } = call.caller()
  const grant = person && app.grants.get(person.id)
  const isGranted = person && token && grant?.pageIds.includes(page.id)
  const maySeeAccount = grant?.permissions.get('instagram_basic') === 'granted'
  const record =
    isGranted && person.roles.has(page.id)
      ? ownedRecord(call.box, page, person, token, maySeeAccount)
      : undefined
  return pick(record ?? pageRecord(call.box, page), askedFields(call, 'name,id'))
}

function pageRecord(box: Box, page: Page): Record<string, unknown> {
  return {
    id: page.id,
    name: page.name,
    category: page.category,
    category_list: [{ id: '2256', name: page.category }],
    link: `${box.origin}/#wall/${page.id}`,
    is_published: true,
    is_webhooks_subscribed: page.subscribed.size > 0,
    picture: () => ({
      data: { height: 50, width: 50, is_silhouette: false, url: fileUrl(box, faceOf(box, page.name)) },
    }),
    ...(page.instagram && {
      instagram_business_account: { id: page.instagram.id, username: page.instagram.username },
    }),
  }
}

/** GET {page}/settings */
export function pageSettings(page: Page): object {
  return { data: [{ setting: 'USERS_CAN_POST', value: page.canVisitorsPost }] }
}

const FACE_PIXELS = 100

/** Drawn when first asked for. */
export function faceOf(box: Box, name: string): StoredFile {
  const label = `face of ${name}.png`
  for (const file of box.world.files.values()) if (file.name === label) return file
  return storeFile(box, { name: label, type: 'image/png', bytes: drawPicture(name, FACE_PIXELS) })
}
