/** Asks for a part of the page until it comes: a connection that is cut must not take away what is on the screen. */
const againMs = 2_000

export function patient<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    for (;;) {
      try {
        return await load()
      } catch {
        await new Promise((resume) => setTimeout(resume, againMs))
      }
    }
  }
}
