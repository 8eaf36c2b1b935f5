/** For work that need not stand in the frame that answers a press: it comes when that frame has been painted. */

/** Where no frames are made, as in a tab behind another, nothing waits longer. */
const withoutFramesMs = 300

/** The answer calls it off. */
export function afterPaint(run: () => void): () => void {
  const channel = new MessageChannel()
  const go = () => {
    stop()
    run()
  }
  channel.port1.onmessage = go
  // The frame's own work stands between its callbacks and the next message.
  const frame = requestAnimationFrame(() => channel.port2.postMessage(null))
  const timer = setTimeout(go, withoutFramesMs)
  const stop = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    channel.port1.close()
  }
  return stop
}
