// Puts the stored theme, density and language on <html> before the first paint; keys as in src/shell/preferences.ts.
try {
  const stored = JSON.parse(localStorage.getItem('patchbay.preferences') || '{}')
  const html = document.documentElement
  if (stored.theme === 'light' || stored.theme === 'dark') html.dataset.theme = stored.theme
  if (stored.density === 'compact') html.dataset.density = 'compact'
  if (stored.locale) html.lang = stored.locale
} catch {
  // Storage can be forbidden; the page then follows the system.
}
