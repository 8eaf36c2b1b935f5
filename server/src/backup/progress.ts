/** One line that says how far a long copy is: rewritten on a terminal, repeated now and then elsewhere. */

export interface Progress {
  add(bytes: number): void
  end(): void
}

export function showProgress(
  what: string,
  totalBytes: number,
  to: NodeJS.WriteStream = process.stderr,
): Progress {
  const everyMs = to.isTTY ? 200 : 5_000
  let done = 0
  let shownAt = Date.now()
  const show = (): void => {
    const [now, all] = [megabytes(done), megabytes(Math.max(totalBytes, done))]
    to.write(`${to.isTTY ? '\r' : ''}${what}: ${now} of ${all} MB${to.isTTY ? '  ' : '\n'}`)
  }
  return {
    add(bytes) {
      done += bytes
      if (Date.now() - shownAt < everyMs) return
      shownAt = Date.now()
      show()
    },
    end() {
      show()
      if (to.isTTY) to.write('\n')
    },
  }
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
