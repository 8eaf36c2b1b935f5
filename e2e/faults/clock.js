// Loaded before a program: its clock jumps by the milliseconds in the file CLOCK_FILE whenever it gets SIGUSR2.
import { readFileSync } from 'node:fs'

const SystemDate = Date
const elapsed = performance.now.bind(performance)
let jumpedMs = 0

globalThis.Date = class extends SystemDate {
  constructor(...args) {
    if (args.length === 0) super(SystemDate.now() + jumpedMs)
    else super(...args)
  }

  static now() {
    return SystemDate.now() + jumpedMs
  }
}
// No machine does this: it shows what becomes of a program that measures by a clock that jumps.
if (process.env.CLOCK_ALL) performance.now = () => elapsed() + jumpedMs

process.on('SIGUSR2', () => {
  jumpedMs = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'))
})
