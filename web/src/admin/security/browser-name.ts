/** What a browser calls itself, in two words: enough to recognise one's own. */

const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const first = (names: typeof browsers, text: string) => names.find(([sign]) => sign.test(text))?.[1]

/** `unknown` is what to say of a browser that says nothing. */
export function browserName(userAgent: string | null, unknown: string): string {
  if (!userAgent) return unknown
  const browser = first(browsers, userAgent)
  const system = first(systems, userAgent)
  if (!browser) return userAgent.split(/[\s/]/)[0] || unknown
  return system ? `${browser}, ${system}` : browser
}
