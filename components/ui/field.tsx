import { type ComponentProps, type ReactNode, useId } from 'react'
import { Icon } from './icon.tsx'
import { join } from './join.ts'

/** 16 px on phones, because browsers zoom in on fields with smaller text. */
export const inputClass =
  'w-full rounded-md border border-control/70 bg-surface px-3 text-lg text-ink placeholder:text-ink-3 aria-invalid:border-bad md:text-base'
export const inputHeight = 'h-11 md:h-9'

export type FieldWiring = {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

type FieldProps = {
  label: string
  /** One sentence, shown below instead of the hint. */
  error?: string
  hint?: ReactNode
  className?: string
  hideLabel?: boolean
  children: (wiring: FieldWiring) => ReactNode
}

/** A label, a control, and a hint or an error below it. */
export const Field = ({ label, error, hint, className, hideLabel, children }: FieldProps) => {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1 block text-sm font-medium text-ink-2'}>
        {label}
      </label>
      {children({
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': note ? noteId : undefined,
      })}
      {note && (
        <p id={noteId} className={join('mt-1 text-sm', error ? 'text-bad' : 'text-ink-3')}>
          {note}
        </p>
      )}
    </div>
  )
}

type Wired = Omit<FieldProps, 'children'>

const split = <P extends Wired>({ label, error, hint, className, hideLabel, ...rest }: P) => ({
  field: { label, error, hint, className, hideLabel },
  rest,
})

export const TextField = (props: Wired & ComponentProps<'input'>) => {
  const { field, rest } = split(props)
  return (
    <Field {...field}>{(wiring) => <input {...rest} {...wiring} className={join(inputClass, inputHeight)} />}</Field>
  )
}

export const TextAreaField = (props: Wired & ComponentProps<'textarea'>) => {
  const { field, rest } = split(props)
  return (
    <Field {...field}>
      {(wiring) => <textarea {...rest} {...wiring} className={join(inputClass, 'min-h-20 py-2')} />}
    </Field>
  )
}

export const SelectField = (props: Wired & ComponentProps<'select'>) => {
  const { field, rest } = split(props)
  return (
    <Field {...field}>
      {(wiring) => (
        <div className="relative">
          <select
            {...rest}
            {...wiring}
            className={join(inputClass, inputHeight, 'appearance-none pr-8 text-ellipsis')}
          />
          <Icon
            name="chevron-down"
            className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-2"
          />
        </div>
      )}
    </Field>
  )
}
