/** The part of a person's menu that says how the pages look and which language they speak. */
import { useLingui } from '@lingui/react/macro'
import type { MenuSection } from '../ui/Menu.tsx'
import { type Locale, type Preferences, setPreferences, usePreferences } from './preferences.ts'

export function useAppearance(speak: (locale: Locale) => void): readonly MenuSection[] {
  const { i18n, t } = useLingui()
  const { theme, density } = usePreferences()
  return [
    {
      title: t`Theme`,
      selected: theme,
      onSelect: (id) => setPreferences({ theme: id as Preferences['theme'] }),
      items: [
        { id: 'system', label: t`As the system` },
        { id: 'light', label: t`Light` },
        { id: 'dark', label: t`Dark` },
      ],
    },
    {
      title: t`Density`,
      selected: density,
      onSelect: (id) => setPreferences({ density: id as Preferences['density'] }),
      items: [
        { id: 'comfortable', label: t`Comfortable` },
        { id: 'compact', label: t`Compact` },
      ],
    },
    {
      title: t`Language`,
      selected: i18n.locale,
      onSelect: (id) => speak(id === 'it' ? 'it' : 'en'),
      items: [
        { id: 'en', label: 'English' },
        { id: 'it', label: 'Italiano' },
      ],
    },
  ]
}
