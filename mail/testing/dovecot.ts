import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BINARY = '/usr/sbin/dovecot'
/** Debian's `nobody`: Dovecot reads no mail as root. */
const NOBODY = 65534

/** Why a real Dovecot cannot be started here (`apt-get install dovecot-imapd`, as root); undefined where it can. */
export const noDovecot = (): string | undefined =>
  existsSync(BINARY) ? (process.getuid?.() === 0 ? undefined : 'not root') : 'dovecot-imapd is not installed'

export interface Dovecot {
  readonly port: number
  readonly user: string
  readonly password: string
  /** Maildir of the user. */
  readonly maildir: string
  stop(): Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })

/** Starts Debian's Dovecot with a configuration of its own in a temporary directory, on a free port of this machine. */
export const startDovecot = async (): Promise<Dovecot> => {
  const home = mkdtempSync(join(tmpdir(), 'tact-dovecot-'))
  const port = await freePort()
  const mail = join(home, 'mail')
  mkdirSync(mail)
  for (const path of [home, mail]) chownSync(path, NOBODY, NOBODY)
  const config = join(home, 'dovecot.conf')
  writeFileSync(
    config,
    `base_dir = ${home}/run
state_dir = ${home}/state
log_path = ${home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${mail}
namespace inbox {
  inbox = yes
}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${mail}
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  )
  const child = spawn(BINARY, ['-F', '-c', config], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`Dovecot does not answer; see ${home}/log`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    port,
    user: 'owner@team.example',
    password: 'secret',
    maildir: mail,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}
