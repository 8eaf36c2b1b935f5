/** The dialog as the person sees it: who is asking, who one is, which pages, which permissions. */
import { escapeHtml } from '@patchbay/kit/html.ts'
import type { Box } from '../box.ts'
import { fullName } from '../world/people.ts'
import type { Person } from '../world/world.ts'
import { type DialogRequest, declinedBefore, type Query } from './dialog.ts'
import { permissionNames } from './permissions.ts'
import { type Language, words } from './words.ts'

/** Who of the box is at the screen: first of all. */
export function choosePersonPage(box: Box, { app }: DialogRequest, query: Query, language: Language): string {
  const say = words[language]
  const people = [...box.world.people.values()].map(
    (person) => `<li><button type="submit" name="person" value="${escapeHtml(person.id)}">
      <span>${escapeHtml(fullName(person))}</span>
      <small>${escapeHtml(say.pages(person.roles.size))}</small></button></li>`,
  )
  return frame(
    language,
    say.whoAreYou,
    `<p>${escapeHtml(say.logIn(app.name))}</p>
    <form method="get" action="">${hidden(query)}<ul class="people">${people.join('')}</ul></form>`,
  )
}

export function decidePage(
  box: Box,
  request: DialogRequest,
  person: Person,
  query: Query,
  language: Language,
): string {
  const say = words[language]
  const declined = declinedBefore(request, person.id)
  const pages = [...person.roles.keys()].flatMap((id) => box.world.pages.get(id) ?? [])
  const pageBoxes = pages.map((page) => tick('pages', page.id, page.name, page.category))
  const permissionBoxes = request.permissions
    .filter((name) => name !== 'public_profile')
    .map((name) =>
      declined.includes(name)
        ? `<li class="off">${escapeHtml(name)} <small>${escapeHtml(say.declined)}</small></li>`
        : tick('permissions', name, permissionNames[name] ?? name, name),
    )
  return frame(
    language,
    say.title(request.app.name),
    `<p>${escapeHtml(say.as(fullName(person)))} <a href="${escapeHtml(other(query))}">${escapeHtml(say.notYou)}</a></p>
    <form method="post" action="">${hidden({ ...query, person: person.id })}
      <fieldset><legend>${escapeHtml(say.choosePages)}</legend>
        ${pageBoxes.length > 0 ? `<ul>${pageBoxes.join('')}</ul>` : `<p>${escapeHtml(say.noPages)}</p>`}</fieldset>
      <fieldset><legend>${escapeHtml(say.choosePermissions)}</legend><ul>${permissionBoxes.join('')}</ul></fieldset>
      <div class="buttons"><button type="submit" name="decision" value="cancel">${escapeHtml(say.cancel)}</button>
      <button type="submit" name="decision" value="accept" class="primary">${escapeHtml(say.accept(person.firstName))}</button></div>
    </form>`,
  )
}

export function refusalPage(sentence: string, language: Language): string {
  return frame(language, words[language].refused, `<p role="alert">${escapeHtml(sentence)}</p>`)
}

function tick(name: string, value: string, label: string, hint: string): string {
  return `<li><label><input type="checkbox" name="${name}" value="${escapeHtml(value)}" checked>
    <span>${escapeHtml(label)}<small>${escapeHtml(hint)}</small></span></label></li>`
}

function hidden(query: Query): string {
  return Object.entries(query)
    .map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value ?? '')}">`,
    )
    .join('')
}

function other({ person: _, ...query }: Query): string {
  return `?${new URLSearchParams(query as Record<string, string>)}`
}

function frame(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="/simulator/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/simulator/base.css"><link rel="stylesheet" href="/simulator/dialog.css"></head>
<body class="dialog"><main><p class="simulated">${escapeHtml(words[language].simulated)}</p>
<h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
}
