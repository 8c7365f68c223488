'use client'
import { useState } from 'react'
import { Button } from './button.tsx'
import { inputClass, inputHeight } from './field.tsx'
import { join } from './join.ts'

/** `action`: the word on the button. */
type CopyFieldProps = { label: string; value: string; action?: string }

/** Text to take elsewhere, with a button that copies it. */
export const CopyField = ({ label, value, action = 'Copy' }: CopyFieldProps) => {
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null)
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied('yes'),
      () => setCopied('no'),
    )
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <input
          readOnly
          aria-label={label}
          value={value}
          onFocus={({ target }) => target.select()}
          className={join(inputClass, inputHeight, 'min-w-0 flex-1 basis-52 font-mono text-sm!')}
        />
        <Button onClick={copy} className="h-11! md:h-9!">
          {action}
        </Button>
      </div>
      <p role="status" className="mt-1 text-sm text-ink-2">
        {copied === 'yes' && 'Copied.'}
        {copied === 'no' && 'Your browser did not allow copying. Select the text and copy it yourself.'}
      </p>
    </>
  )
}
