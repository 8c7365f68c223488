/** Whether this process was told to stop: what decides where requests go is told so before the process listens no more. */
const held = globalThis as typeof globalThis & { sophiieStopping?: true }

export const isStopping = (): boolean => held.sophiieStopping ?? false

export const markStopping = () => {
  held.sophiieStopping = true
}
