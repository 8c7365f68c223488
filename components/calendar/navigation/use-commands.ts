'use client'
import { useEffect, useRef } from 'react'
import { commandOf } from './keyboard.ts'
import type { Navigation } from './use-navigation.ts'

type Commands = {
  navigation: Navigation
  openNew: () => void
  openKeys: () => void
}

/** The page's keyboard shortcuts. */
export const useCommands = (commands: Commands) => {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const command = commandOf(event)
      if (!command || document.querySelector('dialog[open]')) return
      event.preventDefault()
      const { navigation, openNew, openKeys } = latest.current
      if (command.do === 'new') openNew()
      else if (command.do === 'help') openKeys()
      else if (command.do === 'today') navigation.toToday()
      else if (command.do === 'view') navigation.show(command.view)
      else navigation.step(command.direction)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
