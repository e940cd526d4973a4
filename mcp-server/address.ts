import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { denied } from '../domain/errors.ts'

/** Unix socket paths end at 104 bytes on macOS and 108 on Linux. */
const MAX_SOCKET_PATH_BYTES = 100

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * Where the owner of a data directory listens: `<home>/run/mcp.sock`; where that is too long for a socket, a directory
 * of this user's under /tmp; on Windows a named pipe, which only its own user (and administrators) may write to.
 */
export const attachAddress = (home: string, platform: NodeJS.Platform = process.platform): string => {
  const absolute = resolve(home)
  const { uid, username } = userInfo()
  if (platform === 'win32') return `\\\\.\\pipe\\tact-${digestOf(`${username}\n${absolute}`)}`
  const path = join(absolute, 'run', 'mcp.sock')
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES
    ? path
    : join('/tmp', `tact-${uid}-${digestOf(absolute)}`, 'mcp.sock')
}

/**
 * Makes the socket's directory open to this OS user alone: that, and nothing in the handshake, is what decides who may
 * attach. Throws `denied` when the directory belongs to someone else.
 */
export const securePrivateDirectory = (address: string): void => {
  const directory = dirname(address)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const found = lstatSync(directory)
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw denied('run_directory', 'The directory for the socket belongs to another user.', {
      fix: 'Remove it, or set TACT_HOME to a directory of your own.',
    })
  }
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700)
}
