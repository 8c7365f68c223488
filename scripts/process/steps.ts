export function formatStep(name: string, seconds: number, note?: string): string {
  const line = `${name.padEnd(40)}${seconds.toFixed(1).padStart(6)} s`
  return note ? `${line}   ${note}` : line
}

type Step<T> = { name: string; work: () => Promise<T>; note?: (result: T) => string | undefined }

/** Does the work, then prints one line: name, seconds and note. */
export async function step<T>({ name, work, note }: Step<T>): Promise<T> {
  const started = performance.now()
  const result = await work()
  console.log(formatStep(name, (performance.now() - started) / 1000, note?.(result)))
  return result
}
