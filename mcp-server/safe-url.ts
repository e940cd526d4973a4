const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether what is sent there can be read on its way by nobody else: https, or plain http on this machine. */
export const travelsSafely = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
