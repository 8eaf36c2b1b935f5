/** Every refusal with its cause and fix, one anchor for each: where `type` of a problem document leads. */
import { createHash } from 'node:crypto'
import { type ProblemText, problems } from '@patchbay/protocol/problem.ts'
import { inline } from './html.ts'
import type { Http } from './http.ts'

const groups: Readonly<Record<string, string>> = {
  GE: 'Any endpoint',
  AU: 'Who is calling',
  PE: 'People',
  OC: 'Receive URL',
  AC: 'Accounts',
  IN: 'Interactions',
  OF: 'Offers',
  RE: 'Answers',
  AT: 'Attachments',
  RL: 'Relays',
  CL: 'The cloud',
}

const style = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem 4rem }
h2 { margin-top: 3rem }
h3 { margin: 2rem 0 .25rem; font-size: 1rem }
h3 code { font-weight: 400 }
p { margin: .25rem 0 }
:target { outline: 2px solid currentColor; outline-offset: .5rem }
code { font-family: ui-monospace, monospace }
`
const styleHash = createHash('sha256').update(style).digest('base64')

export function errorsPage(http: Http): void {
  const page = render()
  http.get('/docs/errors', async (_request, reply) => {
    reply.header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'`,
    )
    reply.type('text/html; charset=utf-8')
    return page
  })
}

function render(): string {
  const byGroup = Map.groupBy(Object.entries<ProblemText>(problems), ([code]) => code.slice(0, 2))
  const sections = [...byGroup].map(
    ([group, of]) => `<section><h2>${groups[group] ?? group}</h2>${of.map(renderProblem).join('')}</section>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Refusals - Patchbay</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Refusals</h1>
<p>Whatever Patchbay refuses, it answers as <code>application/problem+json</code> with one of these codes. Codes stay; the words beside them may become clearer.</p>
${sections.join('\n')}
</main>
</body>
</html>
`
}

function renderProblem([code, { status, title, cause, fix }]: [string, ProblemText]): string {
  return `
<article id="${code}">
<h3>${code} ${inline(title)} <code>${status}</code></h3>
<p>${inline(cause)}</p>
<p><strong>What to do:</strong> ${inline(fix)}</p>
</article>`
}
