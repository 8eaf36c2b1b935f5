// Runs inside the desk's page: presses rows, scrolls, and takes the time.
const frame = () => new Promise((resume) => requestAnimationFrame(resume))
const rest = (ms) => new Promise((resume) => setTimeout(resume, ms))
const rowHeightPx = 76
const mostFrames = 1000

async function waitFor(find, what) {
  for (let frames = 0; frames < mostFrames; frames++) {
    const found = find()
    if (found) return found
    await frame()
  }
  const shown = document.querySelector('.thread')?.textContent.slice(0, 200)
  throw new Error(`waited in vain for ${what} at ${location.pathname}; there is: ${shown}`)
}

function rowAt(index) {
  return waitFor(() => {
    const row = document.querySelector(`.row[aria-posinset="${index + 1}"]`)
    if (!row) document.querySelector('.rows')?.scrollTo(0, index * rowHeightPx - 300)
    return row
  }, `row ${index}`)
}

window.bench = {
  /** Scrolls to the end until every page is there. */
  async fetchAll(count) {
    const rows = document.querySelector('.rows')
    while (rows.scrollHeight < count * rowHeightPx) {
      rows.scrollTo(0, rows.scrollHeight)
      await rest(30)
    }
    rows.scrollTo(0, 0)
    await rest(500)
  },

  /** From the press on a row to the end of the frame in which its messages stand. */
  async switches(indices) {
    const times = []
    for (const index of indices) {
      await rowAt(index)
      await rest(150)
      // Anew: what was drawn while the list was scrolled far may have been drawn again.
      const row = await rowAt(index)
      const name = row.querySelector('.row-name').textContent
      const started = performance.now()
      row.click()
      await waitFor(
        () => document.querySelector('.thread h2')?.textContent === name && document.querySelector('.said'),
        name,
      )
      // Found while the frame was made: the first task after it comes when it has been painted.
      await scheduler.postTask(() => undefined, { priority: 'user-blocking' })
      times.push(performance.now() - started)
    }
    return times
  },

  async scrollFrames(count) {
    const rows = document.querySelector('.rows')
    rows.scrollTo(0, 0)
    const times = []
    let before = await frame()
    for (let n = 0; n < count; n++) {
      rows.scrollBy(0, rowHeightPx * 2.5)
      const now = await frame()
      times.push(now - before)
      before = now
    }
    return times
  },

  size: () => ({
    nodes: document.querySelectorAll('*').length,
    heapBytes: performance.memory?.usedJSHeapSize ?? 0,
  }),
}
