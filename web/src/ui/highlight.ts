/** Cuts code into words, strings and comments: enough colour for samples of ten lines in any language. */
export interface Piece {
  kind: 'plain' | 'string' | 'comment' | 'word'
  text: string
}

const words =
  'curl|const|let|await|async|import|from|export|function|return|new|if|else|for|def|print|echo|use|package|func|var|using|class|public|static|void|string|true|false|null|nil|None|POST|GET|PUT|PATCH|DELETE'
const pattern = new RegExp(
  [
    String.raw`(?<comment>(?<=^|\s)(?:#|//).*$)`,
    String.raw`(?<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])*'|${'`'}(?:\\.|[^${'`'}\\])*${'`'})`,
    String.raw`(?<word>(?<![\w-])(?:${words})(?![\w-]))`,
  ].join('|'),
  'gm',
)

export function highlight(code: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of code.matchAll(pattern)) {
    if (match.index > end) pieces.push({ kind: 'plain', text: code.slice(end, match.index) })
    const kind = match.groups?.comment ? 'comment' : match.groups?.string ? 'string' : 'word'
    pieces.push({ kind, text: match[0] })
    end = match.index + match[0].length
  }
  if (end < code.length) pieces.push({ kind: 'plain', text: code.slice(end) })
  return pieces
}
