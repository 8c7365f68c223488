/**
 * Adds and removes the same people as the change from `before` to `wanted`, in a list of assignees
 * that was changed by someone else.
 */
export const rebasedAssignees = (
  current: readonly string[],
  { before, wanted }: { before: readonly string[]; wanted: readonly string[] },
): string[] => {
  const kept = current.filter((id) => wanted.includes(id) || !before.includes(id))
  const added = wanted.filter((id) => !before.includes(id))
  return [...new Set([...kept, ...added])].sort()
}
