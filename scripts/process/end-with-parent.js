// Preloaded into every child: its standard input is a pipe that closes when the parent ends, even
// by SIGKILL, so that no child is left running. Grandchildren inherit the preload but have another
// parent.
if (process.ppid === Number(process.env.END_WITH_PARENT)) {
  process.stdin.on('error', () => {})
  process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'))
  process.stdin.resume()
  process.stdin.unref?.()
}
