/** A quantity between two ends, chosen by feel. */
import { useId } from 'react'

export interface SliderProps {
  label: string
  /** 0 to 1. */
  value: number
  onChange: (value: number) => void
  isDisabled?: boolean
}

export function Slider({ label, value, onChange, isDisabled = false }: SliderProps) {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        type="range"
        className="slider"
        min={0}
        max={100}
        step={5}
        value={Math.round(value * 100)}
        disabled={isDisabled}
        onChange={({ target }) => onChange(Number(target.value) / 100)}
      />
    </div>
  )
}
