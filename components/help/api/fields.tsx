import type { Field } from '#lib/receptionist/http/reference.ts'
import { Words } from './words.tsx'

type FieldsProps = { title?: string; fields: readonly (Field & { place?: string })[] }

export const Fields = ({ title, fields }: FieldsProps) =>
  fields.length > 0 && (
    <div>
      {title && <h4 className="mt-4 mb-1 text-sm font-semibold">{title}</h4>}
      <dl className="divide-y divide-line border-y border-line text-sm">
        {fields.map(({ name, type, required, description, place }) => (
          <div key={name} className="py-1.5 md:grid md:grid-cols-[14rem_minmax(0,1fr)] md:gap-3">
            <dt className="font-mono text-xs leading-5 break-words text-ink">{name}</dt>
            <dd className="text-ink-2">
              {place ? `${place}, ` : ''}
              {type}
              {required ? '' : ', optional'}
              {description && '. '}
              <Words text={description} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
