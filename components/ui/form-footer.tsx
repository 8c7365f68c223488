import type { ReactNode } from 'react'
import { Button } from './button.tsx'

type FormFooterProps = {
  /** Of the form that it submits. */
  formId: string
  pending: boolean
  /** Why the last attempt was refused. */
  refusal?: string
  onCancel: () => void
  /** The word on the button that submits. */
  children: ReactNode
}

/** The buttons below a form in a dialog. */
export const FormFooter = ({ formId, pending, refusal, onCancel, children }: FormFooterProps) => (
  <>
    <Button type="submit" form={formId} tone="primary" pending={pending}>
      {children}
    </Button>
    <Button onClick={onCancel}>Cancel</Button>
    <p role="status" className="text-sm text-bad">
      {refusal}
    </p>
  </>
)
