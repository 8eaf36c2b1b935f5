// Writes together what comes at the same moment: one statement and one commit for many, without waiting for more to come.

export interface Grouping<I, O> {
  /** Resolves after the commit. */
  write(item: I): Promise<O>
}

export interface GroupingOptions<I, O> {
  /** Of a group at most. */
  size: number
  /** Groups at once: while one commits, the next is written and a third gathers. */
  underWay: number
  /** Answers in the order of the items; undefined for one that has to be written alone. */
  together(items: readonly I[]): Promise<readonly (O | undefined)[]>
  /** What comes alone goes here at once, and so does every item of a group that failed. */
  alone(item: I): Promise<O>
  onFailure(error: unknown, size: number): void
}

interface Waiting<I, O> {
  item: I
  done(answer: O): void
  failed(error: unknown): void
}

export function createGrouping<I, O>(options: GroupingOptions<I, O>): Grouping<I, O> {
  const waiting: Waiting<I, O>[] = []
  let underWay = 0
  let isSoon = false

  // Not before the end of this turn of the event loop: what arrived in it is gathered first.
  const schedule = (): void => {
    if (isSoon || waiting.length === 0 || underWay >= options.underWay) return
    isSoon = true
    setImmediate(() => {
      isSoon = false
      const group = waiting.splice(0, options.size)
      underWay++
      void writeGroup(group).finally(() => {
        underWay--
        schedule()
      })
      schedule()
    })
  }

  const writeGroup = async (group: Waiting<I, O>[]): Promise<void> => {
    const [first] = group
    if (first && group.length === 1) return writeAlone(first)
    const answers = await options
      .together(group.map(({ item }) => item))
      .catch((error: unknown): undefined[] => {
        options.onFailure(error, group.length)
        return []
      })
    for (const [place, one] of group.entries()) {
      const answer = answers[place]
      if (answer === undefined) void writeAlone(one)
      else one.done(answer)
    }
  }

  const writeAlone = ({ item, done, failed }: Waiting<I, O>): Promise<void> =>
    options.alone(item).then(done, failed)

  return {
    write: (item) =>
      new Promise((done, failed) => {
        waiting.push({ item, done, failed })
        schedule()
      }),
  }
}
