// Tells which errors of the framework are the caller's, and says them as refusals.
import type { ProblemCode } from '@patchbay/protocol/problem.ts'
import { isOutage } from './database.ts'
import { Refusal } from './refusal.ts'

interface ValidationIssue {
  keyword?: string
  instancePath?: string
  message?: string
  params?: Readonly<Record<string, unknown>>
}

interface FrameworkError {
  code?: unknown
  statusCode?: unknown
  message: string
  validation?: readonly ValidationIssue[]
  validationContext?: string
}

/** Undefined for a mistake of ours. */
export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  if (!(error instanceof Error)) return
  if (isOutage(error))
    return new Refusal('GE-109', 'The database cannot be reached, or has no room left.', {
      retryAfterSeconds: 2,
    })
  const { code, statusCode, validation, validationContext } = error as FrameworkError
  if (validation) return invalid(validation, validationContext)
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return
  return new Refusal(
    byCode[String(code)] ?? byStatus[statusCode] ?? 'GE-113',
    `${error.message}.`.replace(/\.+$/, '.'),
  )
}

const byCode: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_BAD_URL: 'GE-105',
  FST_ERR_MAX_PARAM_LENGTH: 'GE-105',
}

const byStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'GE-101',
  404: 'GE-105',
  406: 'GE-107',
  408: 'GE-112',
  413: 'GE-106',
  415: 'GE-107',
  431: 'GE-111',
}

function invalid(issues: readonly ValidationIssue[], context: string | undefined): Refusal {
  // Of a choice between shapes each shape complains; the first complaint about a value says the most.
  const issue = issues.find(({ keyword }) => keyword !== 'anyOf' && keyword !== 'if') ?? issues[0] ?? {}
  const path = (issue.instancePath ?? '').split('/').slice(1).map(unescapePointer)
  const missing = missingName(issue)
  if (missing !== undefined) path.push(missing)
  const field = path.join('.') || undefined
  const where = field ?? wholes[context ?? 'body'] ?? 'The request'
  const allowed = allowedValues(issues.filter(({ instancePath }) => instancePath === issue.instancePath))
  const what =
    missing !== undefined
      ? 'is missing'
      : allowed
        ? `must be one of ${allowed.join(', ')}`
        : withArticle(issue.message ?? 'is not usable')
  return new Refusal('GE-101', `${where} ${what}.`, { ...(field && { field }), ...(allowed && { allowed }) })
}

const wholes: Readonly<Record<string, string>> = {
  body: 'The body',
  querystring: 'The query',
  params: 'The address',
  headers: 'A header',
}

function missingName({ keyword, params }: ValidationIssue): string | undefined {
  if (keyword !== 'required') return
  const names = params?.requiredProperties
  const name = Array.isArray(names) ? names[0] : params?.missingProperty
  return typeof name === 'string' ? name : undefined
}

/** Of an enum, or of a union of constants at one place. */
function allowedValues(issues: readonly ValidationIssue[]): (string | number)[] | undefined {
  const values = issues.flatMap(({ keyword, params }) => {
    if (keyword === 'enum' && Array.isArray(params?.allowedValues)) return params.allowedValues as unknown[]
    return keyword === 'const' ? [params?.allowedValue] : []
  })
  const plain = values.filter((value) => typeof value === 'string' || typeof value === 'number')
  return plain.length > 0 ? [...new Set(plain)] : undefined
}

function withArticle(message: string): string {
  return message
    .replace(/^must be (string|number|boolean)$/, 'must be a $1')
    .replace(/^must be (integer|object|array)$/, 'must be an $1')
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
