'use client'
import { type CSSProperties, useId, useRef } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { colourNames, colourValue } from './colours.ts'

type ColourPickerProps = { name: string; colour: number; onChange: (colour: number) => void }

/** The colour of a member's appointments: a swatch that opens the palette. */
export const ColourPicker = ({ name, colour, onChange }: ColourPickerProps) => {
  const id = useId()
  const palette = useRef<HTMLFieldSetElement>(null)
  const anchor = `--colour${id.replace(/\W/g, '')}`
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={`Colour of ${name}: ${colourNames[colour - 1]}`}
        title="Colour"
        style={{ anchorName: anchor } as CSSProperties}
        className="grid size-10 place-items-center rounded-md hover:bg-sunk md:size-8"
      >
        <span className="size-4 rounded-full" style={{ background: colourValue(colour) }} />
      </button>
      <fieldset
        ref={palette}
        id={id}
        popover="auto"
        aria-label={`Colour of ${name}`}
        style={{ positionAnchor: anchor } as CSSProperties}
        className="m-0 my-1.5 rounded-xl border border-line bg-raised p-2 shadow-float [position-area:bottom_span-right] [position-try-fallbacks:flip-block,flip-inline] not-supports-[position-area:bottom]:m-auto"
      >
        <div className="grid grid-cols-4 gap-1">
          {colourNames.map((label, index) => (
            <button
              key={label}
              type="button"
              aria-label={label}
              aria-pressed={colour === index + 1}
              onClick={() => {
                palette.current?.hidePopover()
                if (colour !== index + 1) onChange(index + 1)
              }}
              className="grid size-10 place-items-center rounded-md hover:bg-sunk"
            >
              <span
                className="grid size-6 place-items-center rounded-full text-surface"
                style={{ background: colourValue(index + 1) }}
              >
                {colour === index + 1 && <Icon name="check" className="size-3.5" />}
              </span>
            </button>
          ))}
        </div>
      </fieldset>
    </>
  )
}
