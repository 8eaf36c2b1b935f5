/** Buttons: text, icon alone, and links that look like one. */
import type { ReactNode } from 'react'
import { Button as KitButton, type ButtonProps as KitButtonProps } from 'react-aria-components/Button'
import { Link as KitLink, type LinkProps as KitLinkProps } from 'react-aria-components/Link'
import { ToggleButton as KitToggle } from 'react-aria-components/ToggleButton'
import { Kbd } from './Kbd.tsx'
import { Tooltip } from './Tooltip.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger' | 'text'
export type ButtonSize = 'small' | 'medium' | 'large'

interface Look {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  iconEnd?: ReactNode
  /** The shortcut shown inside, such as `alt+a`. */
  keys?: string
  isWide?: boolean
  children: ReactNode
}

/** `danger` stands only inside a confirmation; one `primary` per region. While `isPending` the label stays and presses are ignored. */
export interface ButtonProps extends Omit<KitButtonProps, 'children' | 'className' | 'style'>, Look {
  className?: string
}

export function Button({
  variant = 'secondary',
  size = 'medium',
  icon,
  iconEnd,
  keys,
  isWide,
  children,
  className = '',
  ...props
}: ButtonProps) {
  return (
    <KitButton
      {...props}
      {...look(variant, size, isWide)}
      {...(keys ? { 'aria-keyshortcuts': ariaKeys(keys) } : {})}
      className={`button ${className}`}
    >
      {icon}
      {children}
      {iconEnd}
      {keys ? <Kbd keys={keys} /> : null}
    </KitButton>
  )
}

export interface LinkButtonProps
  extends Omit<KitLinkProps, 'children' | 'className' | 'style'>,
    Omit<Look, 'keys'> {
  href: string
  className?: string
}

/** A link to another page that looks like a button. */
export function LinkButton({
  variant = 'secondary',
  size = 'medium',
  icon,
  iconEnd,
  isWide,
  children,
  className = '',
  ...props
}: LinkButtonProps) {
  return (
    <KitLink {...props} {...look(variant, size, isWide)} className={`button ${className}`}>
      {icon}
      {children}
      {iconEnd}
    </KitLink>
  )
}

type LinkProps = Omit<KitLinkProps, 'className' | 'style'> & { className?: string }

/** A link that looks like what it is a part of. */
export function PlainLink({ className = '', ...props }: LinkProps) {
  return <KitLink {...props} className={className} />
}

/** A link in running text. */
export function TextLink({ className = '', ...props }: LinkProps) {
  return <KitLink {...props} className={`link ${className}`} />
}

export interface IconButtonProps
  extends Omit<KitButtonProps, 'children' | 'className' | 'style' | 'aria-label'> {
  /** What it does, as a verb; read aloud and shown as tooltip. */
  label: string
  icon: ReactNode
  variant?: ButtonVariant
  size?: ButtonSize
  keys?: string
  className?: string
}

export function IconButton({
  label,
  icon,
  variant = 'quiet',
  size = 'medium',
  keys,
  className = '',
  ...props
}: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      <KitButton
        {...props}
        {...look(variant, size)}
        {...(keys ? { 'aria-keyshortcuts': ariaKeys(keys) } : {})}
        aria-label={label}
        className={`icon-button ${className}`}
      >
        {icon}
      </KitButton>
    </Tooltip>
  )
}

export interface ToggleIconButtonProps {
  label: string
  icon: ReactNode
  isSelected: boolean
  onChange: (isSelected: boolean) => void
  size?: ButtonSize
  isDisabled?: boolean
}

/** An icon that is on or off. */
export function ToggleIconButton({ label, icon, size = 'medium', ...props }: ToggleIconButtonProps) {
  return (
    <Tooltip text={label}>
      <KitToggle {...props} {...look('quiet', size)} aria-label={label} className="icon-button">
        {icon}
      </KitToggle>
    </Tooltip>
  )
}

function look(variant: ButtonVariant, size: ButtonSize, isWide?: boolean) {
  return { 'data-variant': variant, 'data-size': size, ...(isWide ? { 'data-wide': true } : {}) }
}

/** `mod+k` as `aria-keyshortcuts` wants it. */
function ariaKeys(keys: string) {
  return keys
    .split('+')
    .map((key) => ({ mod: 'Control', alt: 'Alt', shift: 'Shift', enter: 'Enter' })[key] ?? key.toUpperCase())
    .join('+')
}
