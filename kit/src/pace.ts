// Ends requests that trickle: uploads have no time limit of their own, but must keep a pace.
import type { IncomingMessage } from 'node:http'

export interface Pace {
  bytesPerSecond: number
  /** Over any span of this length. */
  windowMs: number
}

const usualPace: Pace = { bytesPerSecond: 16 * 1024, windowMs: 30_000 }
const SAMPLES = 6

/** Calls `onSlow` once when the request falls behind; answers the function that ends the watch. */
export function watchPace(request: IncomingMessage, onSlow: () => void, pace = usualPace): () => void {
  const { socket } = request
  const wantedBytes = (pace.bytesPerSecond * pace.windowMs) / 1000
  const samples = [socket.bytesRead]
  const timer = setInterval(() => {
    samples.push(socket.bytesRead)
    if (samples.length <= SAMPLES) return
    const [oldest = 0] = samples.splice(0, 1)
    if (request.complete || socket.bytesRead - oldest >= wantedBytes) return
    clearInterval(timer)
    onSlow()
  }, pace.windowMs / SAMPLES)
  timer.unref()
  return () => clearInterval(timer)
}
