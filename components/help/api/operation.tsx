import type { ReferenceOperation } from '#lib/receptionist/http/reference.ts'
import { Fields } from './fields.tsx'
import { Block, Words } from './words.tsx'

export const Operation = ({ operation }: { operation: ReferenceOperation }) => {
  const { id, method, path, summary, description, scopes, curl, status, codes } = operation
  return (
    <section id={id} className="scroll-mt-4 border-t border-line py-6">
      <h3 className="text-md font-semibold">{summary}</h3>
      <p className="mt-1 font-mono text-xs break-words">
        <b className="font-semibold text-accent">{method}</b> {path}
      </p>
      <p className="mt-2 text-ink-2">
        <Words text={description} />
      </p>
      <p className="mt-1 text-sm text-ink-2">
        Scopes: <Words text={scopes.map((scope) => `\`${scope}\``).join(', ')} />
      </p>
      <div className="mt-3">
        <Block>{curl}</Block>
      </div>
      <Fields title="Parameters" fields={operation.parameters} />
      <Fields title="Body" fields={operation.body} />
      {operation.bodyExample && (
        <div className="mt-3">
          <Block>{operation.bodyExample}</Block>
        </div>
      )}
      <h4 className="mt-4 mb-1 text-sm font-semibold">Answer {status}</h4>
      <Block>{operation.answerExample}</Block>
      <details className="mt-2">
        <summary className="py-1 text-sm font-medium">Fields of the answer</summary>
        <Fields fields={operation.answer} />
      </details>
      <p className="mt-2 text-sm leading-6 text-ink-2">
        Problems:{' '}
        {codes.map((code, n) => (
          <span key={code}>
            {n > 0 && ', '}
            <a href={`#${code}`} className="text-accent underline underline-offset-2">
              {code}
            </a>
          </span>
        ))}
      </p>
    </section>
  )
}
