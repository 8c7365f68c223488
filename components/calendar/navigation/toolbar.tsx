'use client'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { join } from '#components/ui/join.ts'
import type { Navigation } from './use-navigation.ts'
import { titleOf, type View, views } from './views.ts'

type ToolbarProps = {
  navigation: Navigation
  onNew: () => void
  children: React.ReactNode
}

/** Heading, navigation, view switch and **New appointment**. */
export const Toolbar = ({ navigation, onNew, children }: ToolbarProps) => {
  const { view, date, show, step, toToday } = navigation
  const { main, year } = titleOf(view, date)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <h1
        aria-live="polite"
        className="mr-auto text-[1.125rem] font-semibold tracking-tight whitespace-nowrap md:mr-1 md:min-w-36 md:text-xl"
      >
        {main} <span className="font-medium text-ink-3">{year}</span>
      </h1>
      <div className="flex gap-1.5">
        <Button square aria-label="Previous" onClick={() => step(-1)}>
          <Icon name="chevron-left" className="size-3.5" />
        </Button>
        <Button square aria-label="Next" onClick={() => step(1)}>
          <Icon name="chevron-right" className="size-3.5" />
        </Button>
        <Button onClick={toToday}>Today</Button>
      </div>
      <div className="flex w-full gap-1.5 md:w-auto">
        <ViewSwitch view={view} onView={show} />
        <Button
          square
          tone="primary"
          aria-label="New appointment"
          onClick={onNew}
          className="!h-[46px] !w-[46px] md:hidden"
        >
          <Icon name="plus" />
        </Button>
      </div>
      {children}
      <Button tone="primary" onClick={onNew} className="max-md:hidden">
        New appointment
      </Button>
    </div>
  )
}

const names: Record<View, string> = { month: 'Month', week: 'Week', day: 'Day', team: 'Team', list: 'List' }

const ViewSwitch = ({ view, onView }: { view: View; onView: (view: View) => void }) => (
  <fieldset className="flex flex-1 rounded-[9px] border border-line bg-sunk p-0.5">
    <legend className="sr-only">View</legend>
    {views.map((each) => (
      <button
        key={each}
        type="button"
        aria-pressed={each === view}
        onClick={() => onView(each)}
        className={join(
          'h-10 flex-1 rounded-[7px] px-1 md:h-7 md:px-1.5',
          each === view ? 'bg-raised font-semibold text-ink shadow-thumb' : 'font-medium text-ink-2 hover:text-ink',
        )}
      >
        {names[each]}
      </button>
    ))}
  </fieldset>
)
